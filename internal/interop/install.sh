#!/bin/sh
# Installs the partners of the interoperability tests on a Debian machine that
# has Go, gcc, Node, npm and a JDK. Safe to run again. See doc.go.
set -eu
cd "$(dirname "$0")"

if ! [ -e /usr/share/java/bcprov.jar ] || ! [ -e /usr/share/java/bcpkix.jar ] ||
	! [ -e /usr/share/java/bcutil.jar ]; then
	as_root=
	[ "$(id -u)" = 0 ] || as_root=sudo
	$as_root apt-get update -qq
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		libbcprov-java libbcpkix-java
fi

# package.json pins every version, those of indirect dependencies too; a lock
# file would record the address of the registry it was made from.
cd node
npm install --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error
