"""nginx, haproxy, squid and Prometheus for tests: each with a configuration in the test's folder, on free ports of this
machine, ended by its own process object."""
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from receivers import Program, free_port  # noqa: E402  pylint: disable=wrong-import-position

PATH = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"


class Missing(Exception):
    """This program is not installed here."""


def find(name):
    found = shutil.which(name, path=PATH)
    if not found:
        raise Missing(name)
    return found


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return path


def nginx_server(authority, port, certificate, inside, protocols="TLSv1.2 TLSv1.3"):
    """One server block. inside: what it does with a request."""
    return """server { listen 127.0.0.1:%d ssl; server_name _; ssl_certificate %s; ssl_certificate_key %s;
  ssl_protocols %s; ssl_ciphers ALL:@SECLEVEL=0; client_max_body_size 32m; %s }
""" % (port, authority.path(certificate + ".pem"), authority.path(certificate + ".key"), protocols, inside)


def nginx(folder, servers, port):
    conf = write(folder, "nginx.conf", """daemon off; master_process off; pid %(f)s/nginx.pid; error_log %(f)s/nginx.log info;
events { worker_connections 64; }
http { access_log %(f)s/nginx-access.log; client_body_temp_path %(f)s/b; proxy_temp_path %(f)s/p; fastcgi_temp_path %(f)s/c;
  uwsgi_temp_path %(f)s/u; scgi_temp_path %(f)s/s; proxy_request_buffering off;
%(servers)s }
""" % {"f": folder, "servers": "".join(servers)})
    return Program([find("nginx"), "-c", conf, "-e", folder + "/nginx.log"], port)


def haproxy(folder, sections, port):
    conf = write(folder, "haproxy.cfg", """global
  maxconn 64
  log /dev/null local0
defaults
  timeout connect 5s
  timeout client 10s
  timeout server 10s
%s
""" % sections)
    return Program([find("haproxy"), "-db", "-f", conf], port)


def squid(folder, user, password):
    """A proxy that wants this user; squid gives up its rights, so its folder is open to all."""
    helper = "/usr/lib/squid/basic_ncsa_auth"
    program = find("squid")
    if not os.path.exists(helper):
        raise Missing(helper)
    secret = subprocess.run(["openssl", "passwd", "-apr1", password], check=True, capture_output=True, text=True).stdout
    place = os.path.join(folder, "squid")
    os.makedirs(place, exist_ok=True)
    users = write(place, "users", "%s:%s" % (user, secret))
    port = free_port()
    conf = write(place, "squid.conf", """http_port 127.0.0.1:%(port)d
auth_param basic program %(helper)s %(users)s
auth_param basic realm test
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
cache deny all
cache_log %(f)s/cache.log
access_log stdio:%(f)s/access.log
pid_filename %(f)s/squid.pid
coredump_dir %(f)s
shutdown_lifetime 0 seconds
pinger_enable off
dns_defnames off
hosts_file /etc/hosts
""" % {"port": port, "helper": helper, "users": users, "f": place})
    for path in (folder, place):
        os.chmod(path, 0o755)
    os.chmod(place, 0o777)
    return Program([program, "--foreground", "-f", conf, "-n", "t%d" % port], port)


def prometheus(folder, target):
    port = free_port()
    conf = write(folder, "prometheus.yml", """global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs: [{job_name: vitrine, static_configs: [{targets: ["127.0.0.1:%d"]}]}]
""" % target)
    return Program([find("prometheus"), "--config.file=" + conf, "--storage.tsdb.path=%s/tsdb" % folder,
                    "--web.listen-address=127.0.0.1:%d" % port], port)
