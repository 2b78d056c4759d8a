#!/usr/bin/env bash
# Make a Debian package of dist/tacit, which PyInstaller has made before.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
arch=$(dpkg --print-architecture)
test -x dist/tacit/tacit-desktop || { echo "first: python -m PyInstaller packaging/pyinstaller/tacit.spec" >&2; exit 1; }

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
install -d "$tree/DEBIAN" "$tree/usr/lib" "$tree/usr/bin"
cp -a dist/tacit "$tree/usr/lib/tacit"
ln -s ../lib/tacit/tacit "$tree/usr/bin/tacit"
install -D -m 644 packaging/deb/tacit.desktop "$tree/usr/share/applications/tacit.desktop"
install -D -m 644 resources/icons/mark.svg "$tree/usr/share/icons/hicolor/scalable/apps/tacit.svg"
install -D -m 644 LICENSE "$tree/usr/share/doc/tacit/copyright"
cat > "$tree/DEBIAN/control" <<CONTROL
Package: tacit
Version: $version
Architecture: $arch
Maintainer: Tacit developers <tacit@localhost>
Section: utils
Priority: optional
Installed-Size: $(du -sk "$tree/usr" | cut -f1)
Depends: libc6, libegl1, libgl1, libfontconfig1, libfreetype6, libxkbcommon0, libxkbcommon-x11-0, libx11-6,
 libx11-xcb1, libglib2.0-0, libdbus-1-3, libxcb-cursor0, libxcb-icccm4, libxcb-image0, libxcb-keysyms1,
 libxcb-render-util0, libxcb-randr0, libxcb-shape0, libxcb-sync1, libxcb-xfixes0, libxcb-xkb1
Recommends: gnome-keyring | kwalletmanager
Description: team CRM whose server cannot read it
 People, companies, deals, notes and tasks, sealed on the desk that writes
 them and shared by groups and roles. Works offline.
CONTROL
dpkg-deb --root-owner-group --build "$tree" "dist/tacit_${version}_${arch}.deb"
