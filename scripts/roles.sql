-- The two roles of a database that Patchcord has to itself ("Two database roles" in the
-- README). For psql 14 or later, as a superuser connected to that database:
--
--   PATCHCORD_OWNER_PASSWORD=… PATCHCORD_APP_PASSWORD=… psql -d patchcord -f scripts/roles.sql
--
-- docker-compose.yml runs it when its Postgres first starts. It can be run again, and then
-- sets the passwords anew.
\set ON_ERROR_STOP on
\getenv owner_password PATCHCORD_OWNER_PASSWORD
\getenv app_password PATCHCORD_APP_PASSWORD
set log_statement = none; -- the passwords are in no log

select 'create role ' || name from unnest(array['patchcord_owner', 'patchcord_app']) name
    where not exists (select from pg_roles where rolname = name) \gexec
alter role patchcord_owner login password :'owner_password';
alter role patchcord_app login password :'app_password';

grant usage, create on schema public to patchcord_owner;
grant usage on schema public to patchcord_app;
revoke create on schema public from public;
select format('revoke temporary on database %I from public', current_database()) \gexec
