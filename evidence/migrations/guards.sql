-- What triggers ask before a row is written, changed or taken away.

CREATE FUNCTION evidence_refuse() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the log is insert-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION evidence_refuse_payload() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Inside evidence_erase the current user is the role that owns it. Even that role deletes only what an erasure
    -- event names that was recorded a moment ago: it still waits for its place in the log.
    IF TG_OP = 'DELETE' AND current_user = :eraser AND EXISTS (
        SELECT FROM evidence_erasure x JOIN evidence_pending q ON q.event_id = x.erasure_id
        WHERE x.event_id = OLD.event_id)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% on % is refused: the log is insert-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- What stands in the recovery log may leave it only for the log.
CREATE FUNCTION evidence_keep_recovered() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM evidence_payload p JOIN evidence_event e ON e.id = p.event_id WHERE p.event_id = OLD.event_id
        AND p.salt = OLD.salt AND p.content = OLD.content AND e.commitment = OLD.commitment)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% on % is refused: it is not in the log', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- Whoever owns the tables puts a backup back in an order that knows no events yet: a row that has ended is taken from
-- him alone. What he makes up is found by `verify --all`.
CREATE FUNCTION evidence_owns(tab oid) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT pg_has_role(current_user, c.relowner, 'USAGE') FROM pg_class c WHERE c.oid = tab
$$;

-- Every byte is on watch from its first moment.
CREATE FUNCTION evidence_watch_blob() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO evidence_check (blob_id, place, checked_at, failures)
        VALUES (NEW.sha256, 'store', least(NEW.stored_at, clock_timestamp()), 0) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION evidence_watch_copy() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO evidence_check (blob_id, place, checked_at, failures)
        VALUES (NEW.blob_id, 'archive', least(NEW.verified_at, clock_timestamp()), 0) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION evidence_keep_check() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.checked_at > clock_timestamp() OR NEW.retry_at > clock_timestamp() + interval '61 minutes' THEN
        RAISE EXCEPTION '% on % is refused: nothing was read in the future', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND ((NEW.blob_id, NEW.place) IS DISTINCT FROM (OLD.blob_id, OLD.place)
                             OR NEW.checked_at < least(OLD.checked_at, statement_timestamp())) THEN
        RAISE EXCEPTION '% on % is refused: what was read stays read', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

-- A damage is opened by anybody and closed by a healing that ended well, which needs two people.
CREATE FUNCTION evidence_open_damage() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.healed_at IS NOT NULL AND NOT evidence_owns(TG_RELID) THEN
        RAISE EXCEPTION '% on % is refused: a damage begins open', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION evidence_close_damage() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.healed_at IS NULL AND NEW.healed_at IS NOT NULL
        AND to_jsonb(NEW) - '{healed_at,healing_id}'::text[] = to_jsonb(OLD) - '{healed_at,healing_id}'::text[]
        AND EXISTS (SELECT FROM evidence_healing h
                    WHERE h.id = NEW.healing_id AND h.damage_id = OLD.id AND h.state = 'done')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: a damage is closed by a healing that ended well', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION evidence_keep_healing() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (NEW.state, NEW.attempts, NEW.detail) = ('pending', 0, '') AND NEW.event_id IS NULL
            OR evidence_owns(TG_RELID)
        THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND OLD.state = 'pending'
        AND to_jsonb(NEW) - '{state,attempts,detail,finished_at,event_id}'::text[]
            = to_jsonb(OLD) - '{state,attempts,detail,finished_at,event_id}'::text[]
    THEN
        IF NEW.state = 'pending' AND NEW.event_id IS NULL THEN
            RETURN NEW;
        END IF;
        SELECT convert_from(p.content, 'UTF8')::jsonb INTO told FROM evidence_payload p
            WHERE p.event_id = NEW.event_id AND p.kind = 'replication';
        IF told #>> '{detail,act}' = 'bytes_healed'
            AND told #> '{detail,match}' = to_jsonb(NEW.state = 'done')
            AND told #> '{detail,damage}' = to_jsonb(NEW.damage_id)
            AND told #>> '{agent,id}' = NEW.agent ->> 'id'
            AND told #>> '{detail,approver,id}' = NEW.approver ->> 'id'
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'no recorded event says that this order to heal ended so'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RAISE EXCEPTION '% on % is refused: an order to heal is written once', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION evidence_keep_verification() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    work text[] := '{state,attempts,finished_at,size,checked,problem_count,problems}';
BEGIN
    IF TG_OP = 'INSERT' AND (NEW.state = 'pending' OR evidence_owns(TG_RELID))
        OR TG_OP = 'UPDATE' AND OLD.state = 'pending' AND to_jsonb(NEW) - work = to_jsonb(OLD) - work
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: what a verification found stays', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- A tombstone stands only on an event of a disposal that names its item and two people.
CREATE FUNCTION evidence_tombstone_stands() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb;
BEGIN
    SELECT convert_from(p.content, 'UTF8')::jsonb INTO told FROM evidence_payload p
        WHERE p.event_id = NEW.event_id AND p.kind = 'disposal';
    IF told IS NULL OR told #>> '{detail,act}' IS DISTINCT FROM 'exhibits_disposed'
        OR NOT coalesce(told #> '{detail,items}' ? NEW.item_id::text, false)
        OR coalesce(told #>> '{agent,id}', '') = '' OR coalesce(told #>> '{detail,approver,id}', '') = ''
        OR told #>> '{agent,id}' = told #>> '{detail,approver,id}'
    THEN
        RAISE EXCEPTION 'no disposal of two people names this item' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN NEW;
END $$;

-- A part stands only on the accession of its item, which says the same: which part of how many, in which set.
CREATE FUNCTION evidence_part_stands() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb;
    main jsonb;
BEGIN
    SELECT convert_from(p.content, 'UTF8')::jsonb #> '{detail,capture}' INTO told FROM evidence_payload p
        WHERE p.event_id = NEW.event_id AND p.kind = 'accession' AND p.subject = 'item/' || NEW.item_id::text;
    SELECT convert_from(p.content, 'UTF8')::jsonb #> '{detail,capture}' INTO main FROM evidence_payload p
        WHERE p.kind = 'accession' AND p.subject = 'item/' || NEW.main_id::text;
    IF told IS NULL OR main IS NULL OR told ->> 'set' IS DISTINCT FROM main ->> 'set'
        OR told ->> 'role' IS DISTINCT FROM NEW.role OR told ->> 'position' IS DISTINCT FROM NEW.position::text
    THEN
        RAISE EXCEPTION 'no accession says that this item is that part' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN NEW;
END $$;

-- An origin stands only on a file of a checked package whose hashes fit, and on the accession of its item.
CREATE FUNCTION evidence_origin_stands() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb;
    taken record;
BEGIN
    SELECT convert_from(p.content, 'UTF8')::jsonb -> 'detail' INTO told FROM evidence_payload p
        WHERE p.event_id = NEW.event_id AND p.kind = 'accession' AND p.subject = 'item/' || NEW.item_id::text;
    SELECT f.path, f.sha256, f.fits, k.item_id, k.state INTO taken FROM evidence_packagefile f
        JOIN evidence_package k ON k.id = f.package_id WHERE f.id = NEW.file_id;
    IF told IS NULL OR told #>> '{package,path}' IS DISTINCT FROM taken.path
        OR told #>> '{package,item}' IS DISTINCT FROM taken.item_id::text
        OR told ->> 'sha256' IS DISTINCT FROM taken.sha256
    THEN
        RAISE EXCEPTION 'no accession says that this item came from there' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT taken.fits OR taken.state NOT IN ('valid', 'damaged') THEN
        RAISE EXCEPTION 'what does not fit is not taken out' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN NEW;
END $$;

-- What a scanner said stands only on an event that says the same, or on the row before it of the same item, which it
-- repeats.
CREATE FUNCTION evidence_screening_stands() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb;
    before record;
BEGIN
    IF NEW.event_id IS NULL THEN
        SELECT s.outcome, s.finding INTO before FROM evidence_screening s WHERE s.item_id = NEW.item_id
            ORDER BY s.id DESC LIMIT 1;
        IF NOT FOUND OR (before.outcome, before.finding) IS DISTINCT FROM (NEW.outcome, NEW.finding) THEN
            RAISE EXCEPTION 'a new verdict needs its event' USING ERRCODE = 'invalid_parameter_value';
        END IF;
        RETURN NEW;
    END IF;
    SELECT convert_from(p.content, 'UTF8')::jsonb -> 'detail' INTO told FROM evidence_payload p
        WHERE p.event_id = NEW.event_id AND p.kind = 'virus_check' AND p.subject = 'item/' || NEW.item_id::text;
    IF told IS NULL OR told ->> 'outcome' IS DISTINCT FROM NEW.outcome
        OR told ->> 'finding' IS DISTINCT FROM NEW.finding
        OR told ->> 'engine' IS DISTINCT FROM NEW.engine OR told ->> 'signatures' IS DISTINCT FROM NEW.signatures
    THEN
        RAISE EXCEPTION 'no event says that this item was screened so' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN NEW;
END $$;
