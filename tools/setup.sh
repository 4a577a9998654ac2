#!/usr/bin/env bash
# setup.sh [run|test|bench]: installs the Debian packages that are missing, for ./run.sh or (default) also for ./test.sh,
# or also the peers that bench/ compares with.
# Silent when there is nothing to do. MASKWRIGHT_NO_SETUP=1 skips it: then the packages are your business.
set -euo pipefail

build=(
  build-essential cmake ninja-build pkg-config ccache git ca-certificates
  debian-archive-keyring xz-utils # third_party/fetch.sh
  python3 python3-glad            # the OpenGL loader, generated
  libexpected-dev libfmt-dev nlohmann-json3-dev libssl-dev libseccomp-dev
  zlib1g-dev libspng-dev libjpeg-dev libwebp-dev libgif-dev libtiff-dev libminizip-dev libopenexr-dev libimath-dev liblcms2-dev libstb-dev
  libsqlite3-dev libzstd-dev
  libglfw3-dev libxi-dev libxrandr-dev
  libxcb1-dev libsystemd-dev # clipboard; portal and notifications of the desktop
  libfreetype-dev libharfbuzz-dev libfribidi-dev libfontconfig-dev
  fonts-inter fonts-material-design-icons-iconfont
  libgtest-dev libgmock-dev # found at configure
)
run=(
  libgl1 libgl1-mesa-dri
  x11-utils # xdpyinfo: is there a display?
)
test=(
  xvfb xauth xdotool x11-apps imagemagick
  glslang-tools clang-format
  python3-xlib     # drag and drop, as a file manager does it
  xclip            # the clipboard, as another program
  dbus python3-dbus python3-gi # a portal and notifications, played by a test
  libbenchmark-dev # preset bench
  libtesseract-dev tesseract-ocr-eng # words in pictures, read where they are there
  chromium         # reports in a browser
  groff-base       # the manual page
)
bench=(libopencv-core-dev libopencv-imgproc-dev libopencv-photo-dev gmic libopencv-video-dev libopencv-contrib-dev libmypaint-dev libpng-dev)

[[ -n ${MASKWRIGHT_NO_SETUP:-} ]] && exit 0
packages=("${build[@]}" "${run[@]}")
[[ ${1:-test} == run ]] || packages+=("${test[@]}")
[[ ${1:-test} == bench ]] && packages+=("${bench[@]}")

if ! command -v dpkg-query >/dev/null; then
  echo "setup: this is not a Debian system; install what corresponds to: ${packages[*]}" >&2
  echo "setup: then start again with MASKWRIGHT_NO_SETUP=1." >&2
  exit 1
fi

# Names of the wanted packages that dpkg does not have installed.
missing_packages() {
  { dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true; } |
    awk -v want="${packages[*]}" '$1 == "installed" { have[$2] = 1 }
      END { n = split(want, w, " "); for (i = 1; i <= n; ++i) if (!(w[i] in have)) print w[i] }'
}
mapfile -t missing < <(missing_packages)
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    echo "setup: packages are missing, and this is neither root nor is there sudo. As root, run:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "setup: installing ${#missing[@]} packages: ${missing[*]}" >&2
install_missing() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    -o DPkg::Lock::Timeout=300 "${missing[@]}" </dev/null >"$log" 2>&1
}
# A fresh machine has no package lists, an old one has stale ones: update first, and only then believe a failure.
"${as_root[@]}" apt-get update -q -o DPkg::Lock::Timeout=300 </dev/null >"$log" 2>&1 ||
  { tail -n 5 "$log"; echo "setup: apt-get update failed; going on with the lists that are there."; } >&2
if ! install_missing; then
  tail -n 20 "$log" >&2
  echo "setup: apt-get install failed (above). Repair that, or install by hand and set MASKWRIGHT_NO_SETUP=1." >&2
  exit 1
fi
mapfile -t missing < <(missing_packages)
if ((${#missing[@]})); then
  echo "setup: still missing after installing: ${missing[*]}" >&2
  exit 1
fi
