"""Functions and operators of another role in ``public`` that fit better than PostgreSQL's own."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.support.sql import run, value

CAUGHT = "caught by a trap"

_PLANT = f"""
CREATE FUNCTION public.caught() RETURNS bool LANGUAGE plpgsql AS
    $f$ BEGIN RAISE EXCEPTION '{CAUGHT}: %', current_user; END $f$;

-- Wherever pg_catalog has no operator of exactly these two types, this one is the best.
DO $do$
DECLARE
    types text[] := '{{text,varchar,name,"char",int2,int4,int8,numeric,float8,oid,regclass,jsonb,
        timestamptz,interval,date,bool,text[],varchar[],int8[],name[]}}';
    signs text[] := '{{=,<>,<,>,<=,>=,+,-,*,/,||,->>,~,~*}}';
    l text; r text; sign text;
BEGIN
    FOREACH l IN ARRAY types LOOP
        FOREACH r IN ARRAY types LOOP
            EXECUTE format('CREATE FUNCTION public.trap(%s, %s) RETURNS bool LANGUAGE plpgsql AS '
                '$f$ BEGIN RETURN public.caught(); END $f$', l, r);
            FOREACH sign IN ARRAY signs LOOP
                EXECUTE format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, '
                    'FUNCTION = public.trap)', sign, l, r);
            END LOOP;
        END LOOP;
    END LOOP;
END $do$;

-- The same for functions of "any", of polymorphic types and of text, of up to three arguments.
DO $do$
DECLARE
    types text[] := '{{text,varchar,name,int8,oid,regclass,jsonb,timestamptz}}';
    names text[] := '{{format,concat,concat_ws,count,min,max,sum,avg,array_agg,string_agg,jsonb_agg,
        json_agg,to_jsonb,jsonb_build_object,jsonb_build_array,unnest,lower,upper,left,right,length,
        substr,split_part,replace,translate,btrim,regexp_replace,quote_ident,quote_literal,
        to_regclass,to_char,date_trunc,pg_get_expr,current_setting,set_config,
        nextval,setval,pg_backend_pid,md5,abs,round,cardinality,array_to_string,
        has_table_privilege,pg_total_relation_size,pg_relation_size,obj_description,col_description,
        pg_advisory_lock,pg_try_advisory_lock,pg_advisory_unlock,hashtext,clock_timestamp,now}}';
    name text; one text; two text;
BEGIN
    FOREACH name IN ARRAY names LOOP
        FOREACH one IN ARRAY types LOOP
            EXECUTE format('CREATE FUNCTION public.%s(%s) RETURNS bool LANGUAGE plpgsql AS '
                '$f$ BEGIN RETURN public.caught(); END $f$', name, one);
            FOREACH two IN ARRAY types LOOP
                EXECUTE format('CREATE FUNCTION public.%s(%s, %s) RETURNS bool LANGUAGE plpgsql AS '
                    '$f$ BEGIN RETURN public.caught(); END $f$', name, one, two);
            END LOOP;
        END LOOP;
        EXECUTE format('CREATE FUNCTION public.%s(text, text, text) RETURNS bool LANGUAGE plpgsql '
            'AS $f$ BEGIN RETURN public.caught(); END $f$', name);
    END LOOP;
END $do$;
"""


def plant(engine: Engine, role: str) -> None:
    """Give the role a place in ``public``, as databases from before 15 do, and plant the traps."""
    run(
        engine,
        f"DROP ROLE IF EXISTS {role}",
        f"CREATE ROLE {role}",
        f"GRANT CREATE ON SCHEMA public TO {role}",
        f"SET ROLE {role}; SET search_path = pg_catalog; {_PLANT}",
    )
    planted = "SELECT count(*) FROM pg_catalog.pg_proc WHERE pronamespace = 'public'::regnamespace"
    assert value(engine, planted) > 1000


def remove(engine: Engine, role: str) -> None:
    """Drop the traps and their owner, which other databases of the server would see."""
    run(engine, f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}")
