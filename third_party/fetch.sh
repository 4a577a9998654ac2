#!/usr/bin/env bash
# fetch.sh NAME: puts the Debian source package NAME of sources.lock under .cache/third_party/ and prints its folder.
# apt downloads it with a private configuration (own state and cache) from the archive this machine already uses,
# and checks Debian's signature; the tarball must also have the pinned sha256. With a filled cache: no network.
# If the suite no longer has the pinned version, its newer one is taken when it compiles, and a warning says so.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${MASKWRIGHT_THIRD_PARTY_CACHE:-$(dirname "$here")/.cache/third_party}
name=${1:?usage: fetch.sh NAME}
option=MASKWRIGHT_$(case $name in cpp-httplib) echo HTTPLIB ;; *) echo "${name^^}" ;; esac)_DIR

say() { printf '%s\n' "third_party/fetch.sh: $*" >&2; }
fail() {
  say "$name: $*"
  say "way out: unpack $name ${version:-} somewhere yourself and configure with -D$option=FOLDER."
  exit 1
}

read -r _ suite version tarball sha256 probe < <(grep -E "^$name " "$here/sources.lock") ||
  fail "not in third_party/sources.lock"

mkdir -p "$cache"
exec 9>"$cache/.lock"
flock 9

# <name>.taken holds the pinned version and the folder taken for it; they differ only after a fallback to a newer one.
taken=$cache/$name.taken
if [[ -f $taken ]]; then
  { read -r for_version; read -r folder; } <"$taken"
  if [[ $for_version == "$version" && -f $cache/$folder/$probe ]]; then
    [[ $folder == "$name-$version" ]] ||
      say "WARNING: using $folder in place of the pinned $version, as when it was fetched."
    echo "$cache/$folder"
    exit 0
  fi
fi

for tool in apt-get apt-cache dpkg tar xz sha256sum; do
  command -v "$tool" >/dev/null || fail "needs '$tool', which is not installed (on Debian: apt, dpkg, xz-utils)"
done
keyring=
for k in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
  [[ -f $k ]] && keyring=$k && break
done
[[ -n $keyring ]] || fail "Debian's archive keyring is missing (package debian-archive-keyring)"

work=$(mktemp -d "$cache/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,cache/archives/partial,get}

# Paths in apt's configuration are quoted; a quote or a newline in the clone's path cannot be.
# Check-Valid-Until off: a mirror that lags behind is as good for a pinned version, and a fallback is newer than the pin.
cat >"$work/apt.conf" <<EOF
Dir::State "$work";
Dir::State::lists "$work/lists";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "$work/cache";
Dir::Etc::sourcelist "$work/private.sources";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
Dir::Log "$work";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Acquire::Check-Valid-Until "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
APT::Get::AllowUnauthenticated "false";
APT::Update::Error-Mode "any";
APT::Sandbox::User "";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Update::Pre-Invoke;
EOF
private() { local tool=$1; shift; LC_ALL=C "$tool" -c "$work/apt.conf" "$@"; }

# The machine's own archive: apt itself lists the URIs of whatever format its sources are in (no network, no lists).
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
suites="${codename:-none}|stable|testing|unstable|sid"
mapfile -t bases < <(LC_ALL=C apt-get update --print-uris -o Dir::State="$work" 2>/dev/null |
  sed -nE "s#^'([^']+)/dists/($suites)/InRelease' .*#\1#p" | awk '!seen[$0]++')
((${#bases[@]})) || fail "no Debian archive found in this machine's apt sources (looked for suites $suites)"

ok=
for base in "${bases[@]}"; do
  printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' "$base" "$suite" "$keyring" \
    >"$work/private.sources"
  say "$name: reading the source index of '$suite' ..."
  if private apt-get -q update >"$work/log" 2>&1; then
    ok=1
    break
  fi
done
if [[ -z $ok ]]; then
  tail -n 5 "$work/log" >&2
  fail "apt could not read a signed index of '$suite' (network down, or a mirror without that suite?)"
fi

versions=$(private apt-cache showsrc "$name" 2>/dev/null | sed -n 's/^Version: //p')
get=$version
if ! grep -qxF -- "$version" <<<"$versions"; then
  get=
  while read -r v; do
    [[ -n $v ]] && dpkg --compare-versions "$v" gt "${get:-$version}" && get=$v
  done <<<"$versions"
  [[ -n $get ]] || fail "'$suite' has neither the pinned $version nor a newer one (it has: ${versions//$'\n'/ }). \
Pin one that exists in third_party/sources.lock"
  say "WARNING: $name $version is gone from '$suite'. Taking its current $get instead:"
  say "WARNING: no pinned checksum covers it, only apt's signature check. Pin it in third_party/sources.lock."
fi

(cd "$work/get" && private apt-get -q -y source --download-only --only-source "$name=$get") >"$work/log" 2>&1 || {
  tail -n 5 "$work/log" >&2
  fail "apt could not download the source package $get"
}
if [[ $get == "$version" ]]; then
  [[ -f $work/get/$tarball ]] || fail "$get came without $tarball"
  echo "$sha256  $work/get/$tarball" | sha256sum --check --status ||
    fail "$tarball does not have the pinned sha256 (got $(sha256sum "$work/get/$tarball" | cut -d' ' -f1)); not used"
else
  tarball=$(cd "$work/get" && ls -- *.orig.tar.* | grep -v '\.asc$' | head -n 1)
fi

mkdir "$work/src"
tar -C "$work/src" --no-same-owner -xf "$work/get/$tarball"
inner=("$work/src"/*)
root=$work/src
[[ ${#inner[@]} == 1 && -d ${inner[0]} ]] && root=${inner[0]}
[[ -f $root/$probe ]] || fail "$tarball has no $probe"
if [[ $get != "$version" ]]; then
  "${CXX:-c++}" -std=c++20 -fsyntax-only -w -x c++ "$root/$probe" ||
    fail "the current $get of '$suite' does not compile here, and the pinned $version is gone"
fi
folder=$name-$get
rm -rf "${cache:?}/$folder"
mv "$root" "$cache/$folder"
printf '%s\n%s\n' "$version" "$folder" >"$taken.new"
mv "$taken.new" "$taken"
checked="signature and pinned sha256"
[[ $get == "$version" ]] || checked="signature only"
say "$name: $get is in the cache ($checked checked)"
echo "$cache/$folder"
