-- HourTab's three roles on a PostgreSQL server. For a superuser; safe to run again. Passwords are given beside it.
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['hourtab', 'hourtab_app', 'hourtab_backup'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I', wanted);
    END IF;
  END LOOP;
END $$;
-- Owns the tables: for migrate and restore, and nothing else.
ALTER ROLE hourtab LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
-- Everything that serves people: owns nothing, and sees the rows of the provider it works for.
ALTER ROLE hourtab_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
-- Reads every row and writes none.
ALTER ROLE hourtab_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS;
ALTER ROLE hourtab_backup SET default_transaction_read_only = on;
