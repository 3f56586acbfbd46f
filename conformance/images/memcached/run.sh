#!/bin/sh
# Starts memcached, in a container or as a plain process: the one place for its flags.
# Environment:
#   MEMCACHED_PORT     default 11211
#   MEMCACHED_LISTEN   default 127.0.0.1
set -eu
# -u nobody: root is refused otherwise. -U 0: no UDP. -m 64: MiB of items before it evicts.
# -I 1m: largest item, the default of production servers, so that the limit is met in tests too.
# -c 1024: connections. -t 2: worker threads, not four on a two-core machine.
exec memcached -u nobody -U 0 -m 64 -I 1m -c 1024 -t 2 \
  -l "${MEMCACHED_LISTEN:-127.0.0.1}" -p "${MEMCACHED_PORT:-11211}"
