-- What HourTab's roles may do in its database, with the tables that stand there and those of later releases.
-- Run in that database by a superuser or, where it also owns the schema, by the role hourtab; safe to run again.
DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO hourtab, hourtab_app', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO hourtab_backup', current_database());
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO hourtab;
GRANT USAGE ON SCHEMA public TO hourtab_app, hourtab_backup;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO hourtab_app;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO hourtab_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO hourtab_backup;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO hourtab_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE hourtab IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hourtab_app;
ALTER DEFAULT PRIVILEGES FOR ROLE hourtab IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO hourtab_app;
ALTER DEFAULT PRIVILEGES FOR ROLE hourtab IN SCHEMA public GRANT SELECT ON TABLES TO hourtab_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE hourtab IN SCHEMA public GRANT SELECT ON SEQUENCES TO hourtab_backup;
