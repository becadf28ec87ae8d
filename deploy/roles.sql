-- Two roles: the owner migrates, the application reads and writes. Neither may what the other may;
-- above all, the application cannot alter the journal, nor disable what keeps it.
--
-- Once, as a superuser, in the database before its first migrate (docs/operations.md):
--
--     psql -d crm -v ON_ERROR_STOP=1 -v owner=crm_owner -v app=crm_app -f deploy/roles.sql
--
-- What the application may not do to the journal's tables is taken back at the end of every
-- migrate, by history/triggers.py: what is granted by default here would open them.

BEGIN;

CREATE ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
CREATE ROLE :"app" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT;

-- The server's log quotes what fails, and with it addresses, words that were searched, and keys of
-- sessions: of these two roles it says what failed and not with what.
ALTER ROLE :"owner" SET log_min_error_statement = panic;
ALTER ROLE :"owner" SET log_error_verbosity = terse;
ALTER ROLE :"app" SET log_min_error_statement = panic;
ALTER ROLE :"app" SET log_error_verbosity = terse;

-- Nor does the server show what either is doing: whoever came in as the application could read there
-- what the journal is about to be told, end it, and tell it otherwise.
ALTER ROLE :"owner" SET track_activities = off;
ALTER ROLE :"app" SET track_activities = off;

ALTER DATABASE :"DBNAME" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO :"app";

ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";

COMMIT;
