"""acme2certifier over TLS on loopback: serve.py DIR PORT DNS_PORT HTTP_PORT."""

import os
import socketserver
import ssl
import sys
import wsgiref.simple_server

directory, port, dns_port, http_port = sys.argv[1], *map(int, sys.argv[2:])
sys.argv = sys.argv[:1]
os.environ["ACME_SRV_CONFIGFILE"] = os.path.join(directory, "acme_srv.cfg")
os.environ["ACME2CERTIFIER_BASE_DIR"] = directory

# It can be told of name servers and of proofs by files, but of no ports for them.
import dns.resolver  # noqa: E402
import acme2certifier.acme_srv.helpers.network as network  # noqa: E402

reset = dns.resolver.BaseResolver.reset
named = network._http_url_host


def reset_to_port(resolver):
    reset(resolver)
    resolver.port = dns_port


dns.resolver.BaseResolver.reset = reset_to_port
network._http_url_host = lambda address: f"{named(address)}:{http_port}"

from acme2certifier.share.acme2certifier_wsgi import application, get_handler_cls  # noqa: E402


class Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


server = wsgiref.simple_server.make_server(
    "127.0.0.1", port, application, server_class=Server, handler_class=get_handler_cls()
)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(os.path.join(directory, "tls.pem"), os.path.join(directory, "tls.key"))
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.base_environ["HTTPS"] = "on"
server.serve_forever()
