#!/bin/sh
# Starts one Cassandra node, in a container or as a plain process: the one place for its start-up.
# Environment, with the names of the official image where it has one:
#   CASSANDRA_CLUSTER_NAME           default kvdal
#   CASSANDRA_LISTEN_ADDRESS         default 127.0.0.1; `auto`: this machine's own address, as a
#                                    member of a ring needs it
#   CASSANDRA_SEEDS                  default the listen address: this node is its own seed
#   CASSANDRA_RPC_ADDRESS            default 127.0.0.1
#   CASSANDRA_BROADCAST_RPC_ADDRESS  default 127.0.0.1; `auto` as above
#   CASSANDRA_NATIVE_PORT, CASSANDRA_STORAGE_PORT   default 9042, 7000
#   CASSANDRA_DATA                   folder of data, commit log, hints; default ./data beside this file
#   KVDAL_COMMITLOG_SYNC             periodic (default) or batch
#   KVDAL_INITIAL_TOKEN              default 0; empty: the node chooses, as in a ring
#   KVDAL_RING_DELAY_MILLIS          default 1; in a ring 3000, so that nodes hear of each other first
#   KVDAL_SCHEMA_FLUSH               true (default): a change of the schema is on disk before its answer, so that a
#                                    killed node knows its tables when it reads its log; false: with the next drop
set -eu
home=$(cd "$(dirname "$0")" && pwd)
data=${CASSANDRA_DATA:-$home/data}
sync=${KVDAL_COMMITLOG_SYNC:-periodic}
token=${KVDAL_INITIAL_TOKEN-0}

# `auto` becomes the first address of this machine's own name.
own() { if [ "$1" = auto ]; then hostname -i | cut -d' ' -f1; else echo "$1"; fi; }
listen=$(own "${CASSANDRA_LISTEN_ADDRESS:-127.0.0.1}")

mkdir -p "$data"
sed -e "s|@CLUSTER_NAME@|${CASSANDRA_CLUSTER_NAME:-kvdal}|" \
    -e "s|@SEEDS@|${CASSANDRA_SEEDS:-$listen}|" \
    -e "s|@LISTEN_ADDRESS@|$listen|" \
    -e "s|@STORAGE_PORT@|${CASSANDRA_STORAGE_PORT:-7000}|" \
    -e "s|@RPC_ADDRESS@|${CASSANDRA_RPC_ADDRESS:-127.0.0.1}|" \
    -e "s|@BROADCAST_RPC_ADDRESS@|$(own "${CASSANDRA_BROADCAST_RPC_ADDRESS:-127.0.0.1}")|" \
    -e "s|@NATIVE_PORT@|${CASSANDRA_NATIVE_PORT:-9042}|" \
    -e "s|@COMMITLOG_SYNC@|$sync|" "$home/cassandra.yaml" > "$data/cassandra.yaml"
# Unknown and unfitting keys are refused, so the period is there only where it is legal.
if [ "$sync" = periodic ]; then echo 'commitlog_sync_period: 10000ms' >> "$data/cassandra.yaml"; fi

# A fixed token spares the node the search for one; only a lone node may have it.
set -- "-Dcassandra.ring_delay_ms=${KVDAL_RING_DELAY_MILLIS:-1}"
if [ "${KVDAL_SCHEMA_FLUSH:-true}" = false ]; then
  set -- "$@" -Dcassandra.test.flush_local_schema_changes=false
fi
if [ -n "$token" ]; then set -- "$@" "-Dcassandra.initial_token=$token"; fi

# jamm measures objects for the memtables. exec: signals reach the node itself.
exec java @"$home/jvm.options" \
  -javaagent:"$(echo "$home"/lib/jamm-*.jar)" \
  -Dcassandra.config="file://$data/cassandra.yaml" \
  -Dcassandra.storagedir="$data" \
  -Dlogback.configurationFile="file://$home/logback.xml" \
  "$@" -cp "$home/lib/*" org.apache.cassandra.service.CassandraDaemon
