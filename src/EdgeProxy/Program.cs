Console.Error.WriteLine("edgeproxy: no command is available yet.");
return 2;
