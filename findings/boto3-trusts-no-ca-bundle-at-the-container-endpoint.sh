#!/usr/bin/env bash
# boto3 1.44.8: the certificate authorities of AWS_CA_BUNDLE are for AWS' services, and not for the container's credentials.
#
# AWS_CONTAINER_CREDENTIALS_FULL_URI may be an `https` URL of any host. If its certificate is from an authority of one's own,
# the request fails whatever AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE and SSL_CERT_FILE say, while STS at the same address is asked
# with AWS_CA_BUNDLE. So an endpoint for boto3 needs a certificate of a public authority, or plain `http` on loopback.
set -euo pipefail
python=$(command -v python3) || { echo "skipped: this needs Python"; exit 0; }
command -v openssl >/dev/null || { echo "skipped: this needs openssl"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$python" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check boto3==1.44.8

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout key.pem -out ca.pem \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
cat >ask.py <<'PYTHON'
import datetime, http.server, json, os, ssl, threading

asked = []

class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, kind, body):
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_GET(self):
        asked.append("container")
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        self.answer("application/json", json.dumps({
            "AccessKeyId": "A", "SecretAccessKey": "S", "Token": "T",
            "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ")}))

    def do_POST(self):
        asked.append("sts")
        self.answer("text/xml", "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>a</Arn>"
                    "<UserId>u</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("ca.pem", "key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"https://localhost:{server.server_port}"
for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
    os.environ[name] = "ca.pem"
os.environ.update(AWS_CONTAINER_CREDENTIALS_FULL_URI=url, AWS_CONTAINER_AUTHORIZATION_TOKEN="t",
                  AWS_EC2_METADATA_DISABLED="true", AWS_METADATA_SERVICE_NUM_ATTEMPTS="1", AWS_CONFIG_FILE="none",
                  AWS_SHARED_CREDENTIALS_FILE="none")

import boto3

with_keys = boto3.client("sts", region_name="eu-central-1", endpoint_url=url, aws_access_key_id="A",
                         aws_secret_access_key="S")
print("STS:", with_keys.get_caller_identity()["Account"])
try:
    boto3.client("sts", region_name="eu-central-1", endpoint_url=url).get_caller_identity()
    print("container: keys")
except Exception as error:
    text = str(error)
    print("container:", "CERTIFICATE_VERIFY_FAILED" if "CERTIFICATE_VERIFY_FAILED" in text else text)
print("requests that arrived:", asked)
PYTHON
env -u HTTP_PROXY -u HTTPS_PROXY -u http_proxy -u https_proxy no_proxy=localhost venv/bin/python ask.py | tee seen
diff seen - <<'SEEN'
STS: 1
container: CERTIFICATE_VERIFY_FAILED
requests that arrived: ['sts']
SEEN
