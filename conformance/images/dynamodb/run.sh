#!/bin/sh
# Starts DynamoDB Local, in a container or as a plain process: the one place for its start-up.
# Environment:
#   DYNAMODB_PORT   default 8000; all interfaces are served, it has no option to bind fewer
set -eu
home=$(cd "$(dirname "$0")" && pwd)

# Memory: a small fixed ceiling. The serial collector starts fastest on two cores. Both compilers: the first alone
# would start 0.3 s sooner, but a test run asks for minutes, and then takes a fifth more time for it.
# java.library.path: where the native SQLite lies.
# -inMemory: nothing on disk, a restart forgets all tables. -sharedDb: one database for all
# credentials and regions (without it each pair has its own). -disableTelemetry: it calls nobody.
exec java -Xmx384m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError \
  -Djava.library.path="$home/lib" -cp "$home/lib/*" \
  software.amazon.dynamodb.services.local.main.ServerRunner \
  -inMemory -sharedDb -disableTelemetry -port "${DYNAMODB_PORT:-8000}"
