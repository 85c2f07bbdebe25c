using ConsoleAppFramework;
using EdgeProxy.Compare;

ConsoleApp.ConsoleAppBuilder app = ConsoleApp.Create();
app.Add<CompareCommands>();
await app.RunAsync(args);
