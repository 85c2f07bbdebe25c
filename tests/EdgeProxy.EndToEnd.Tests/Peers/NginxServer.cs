using System.Net;
using System.Net.Sockets;

namespace EdgeProxy.EndToEnd.Tests;

/// <summary>A real nginx that answers three ways: plain, over TLS, and behind a PROXY header with the address it carried.</summary>
internal sealed class NginxServer : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-nginx-").FullName;
    private readonly ChildProcess _process;

    public NginxServer()
    {
        Plain = Loopback.Reserve();
        Tls = Loopback.Reserve();
        BehindHeader = Loopback.Reserve();
        Programs.Output(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=edge.test", "-addext", "subjectAltName=DNS:edge.test", "-keyout", _directory + "/key.pem", "-out", Certificate);
        File.WriteAllText(_directory + "/nginx.conf", $$"""
            daemon off;
            master_process off;
            pid {{_directory}}/nginx.pid;
            error_log stderr warn;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path {{_directory}}; proxy_temp_path {{_directory}}; fastcgi_temp_path {{_directory}};
                uwsgi_temp_path {{_directory}}; scgi_temp_path {{_directory}};
                server { listen {{Plain}}; return 200 "plain\n"; }
                server {
                    listen {{Tls}} ssl; ssl_certificate {{Certificate}}; ssl_certificate_key {{_directory}}/key.pem;
                    ssl_protocols TLSv1.3;
                    return 200 "tls $ssl_protocol\n";
                }
                server {
                    listen {{BehindHeader}} proxy_protocol;
                    return 200 "$proxy_protocol_addr $proxy_protocol_port\n";
                }
            }
            """);
        _process = ChildProcess.Start("nginx", "-p", _directory, "-c", _directory + "/nginx.conf", "-e", "stderr");
        Patience.Until(() => Answers(BehindHeader), () => $"nginx listening:\n{_process.Tail()}");
    }

    public IPEndPoint Plain { get; }

    public IPEndPoint Tls { get; }

    public IPEndPoint BehindHeader { get; }

    /// <summary>Path of the certificate, which is its own authority, for edge.test.</summary>
    public string Certificate => _directory + "/cert.pem";

    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static bool Answers(IPEndPoint at)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(at);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
