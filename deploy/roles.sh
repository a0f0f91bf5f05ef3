#!/bin/sh
# Run once, by the database's own image on an empty volume: HourTab's role owns its database and is no superuser.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$HOURTAB_PASSWORD" --username postgres <<'SQL'
CREATE ROLE hourtab LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE DATABASE hourtab OWNER hourtab;
REVOKE CONNECT ON DATABASE hourtab FROM PUBLIC;
SQL
