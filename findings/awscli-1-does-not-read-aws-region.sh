#!/usr/bin/env bash
# awscli 1.46.3: the variable AWS_REGION, which the SDKs and version 2 read, is no region for version 1, which PyPI has.
#
# A job that sets AWS_REGION alone works with each SDK but that of Python, and with the command where version 2 is installed.
# Where version 1 is, the same job ends with "You must specify a region". AWS_DEFAULT_REGION is read by both versions.
set -euo pipefail
command -v python3 >/dev/null || { echo "skipped: this needs python3"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check awscli==1.46.3
region() {
    env -i PATH="$PATH" HOME="$folder" AWS_EC2_METADATA_DISABLED=true "$1=eu-central-1" venv/bin/aws configure get region || echo "none by get"
    env -i PATH="$PATH" HOME="$folder" AWS_EC2_METADATA_DISABLED=true "$1=eu-central-1" venv/bin/aws configure list | awk '$1 == "region" { print $2, $3 }'
}
{
    echo "AWS_REGION: $(region AWS_REGION | tail -1)"
    echo "AWS_DEFAULT_REGION: $(region AWS_DEFAULT_REGION | tail -1)"
} | tee seen
diff seen - <<'SEEN'
AWS_REGION: <not set>
AWS_DEFAULT_REGION: eu-central-1 env
SEEN
