using EdgeProxy;

return (int)Commands.Run(args, Environment.GetEnvironmentVariables(), Terminal.OfProcess());
