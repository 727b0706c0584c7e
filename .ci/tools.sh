# The real servers and clients that the checks drive; sourced by .ci/run.

packages=(
  docker.io containerd podman skopeo buildah uidmap # clients with their daemons
  zsh fish                                          # shells that complete
  nginx                                             # the proxy in front
  wrk curl strace openssl procps                    # load, traces, certificates
  chromium fonts-liberation fonts-noto-cjk          # the console, as people see it
)

# name, version, Go package. One exact version each: what a new release changes is then seen in a commit.
go_tools=(
  "versitygw v1.8.0 github.com/versity/versitygw/cmd/versitygw"
  "crane v0.22.1 github.com/google/go-containerregistry/cmd/crane"
  "regctl v0.11.7 github.com/regclient/regclient/cmd/regctl"
  "registry v3.1.2 github.com/distribution/distribution/v3/cmd/registry"
  "helm v3.22.0 helm.sh/helm/v3/cmd/helm"
  "cosign v2.6.5 github.com/sigstore/cosign/v2/cmd/cosign"
)

tccli_version=3.1.189.1

tools_folder="${ENTREPOT_CI_CACHE:-$HOME/.cache/entrepot-ci}"

install_packages() {
  local missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
      missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  # The packages are for their programs; no service of theirs is to start.
  local policy=/usr/sbin/policy-rc.d code=0
  if [ -e $policy ]; then policy=; else
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || code=$?
  [ -z "$policy" ] || rm -f $policy
  return $code
}

# build_go_tools NAME…: each into a folder of its version, so an upgrade never meets an old program.
build_go_tools() {
  local name version package folder
  for tool in "${go_tools[@]}"; do
    read -r name version package <<<"$tool"
    [[ " $* " == *" $name "* ]] || continue
    folder="$tools_folder/$name-$version"
    if [ ! -x "$folder/$name" ]; then
      echo "building $name $version"
      GOBIN="$folder.new" go install "$package@$version"
      rm -rf "$folder"
      mv "$folder.new" "$folder"
    fi
    mkdir -p "$tools_folder/bin"
    ln -sfn "$folder/$name" "$tools_folder/bin/$name"
  done
}

# Tencent's command line, in an environment of its own.
install_tccli() {
  local folder="$tools_folder/tccli-$tccli_version"
  if [ ! -x "$folder/bin/tccli" ]; then
    echo "installing tccli $tccli_version"
    rm -rf "$folder"
    # Not made elsewhere and moved: its programs name this folder.
    python3 -m venv "$folder"
    "$folder/bin/pip" install -q --disable-pip-version-check "tccli==$tccli_version" || {
      rm -rf "$folder"
      return 1
    }
  fi
  mkdir -p "$tools_folder/bin"
  ln -sfn "$folder/bin/tccli" "$tools_folder/bin/tccli"
}
