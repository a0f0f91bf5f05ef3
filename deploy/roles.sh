#!/bin/sh
# Run by the database's own image on an empty volume, and by hand for a database of before there were three roles:
# the roles, one database, and what each may do in it.
set -eu
psql -v ON_ERROR_STOP=1 --username postgres -f /hourtab/roles.sql
psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" -v backup="$BACKUP_PASSWORD" \
  --username postgres <<'SQL'
ALTER ROLE hourtab PASSWORD :'owner';
ALTER ROLE hourtab_app PASSWORD :'app';
ALTER ROLE hourtab_backup PASSWORD :'backup';
SELECT 'CREATE DATABASE hourtab OWNER hourtab' WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'hourtab')
\gexec
SQL
psql -v ON_ERROR_STOP=1 --username postgres --dbname hourtab -f /hourtab/rights.sql
