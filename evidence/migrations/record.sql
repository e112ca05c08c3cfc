-- The calls that write events: the server keeps their plans, so that a record costs no more than plain inserts. They
-- run with the rights of whoever calls: they may do nothing that the application's role may not. A log that is behind
-- what was witnessed of it takes nothing: what is read meanwhile goes to the recovery log.

CREATE FUNCTION evidence_is_behind() RETURNS boolean
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    -- In this language the plan is kept: the question stands before every record.
    RETURN EXISTS (SELECT FROM evidence_rewind r
                   WHERE NOT EXISTS (SELECT FROM evidence_declaration d WHERE d.rewind_id = r.id));
END $$;

-- The lock's number is the one of evidence.custody.locks.RECOVERY.
CREATE FUNCTION evidence_recover(ids uuid[], commitments bytea[], salts bytea[], contents bytea[], kinds text[],
                                 subjects text[], contexts text[], times timestamptz[]) RETURNS boolean
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(109270199006980);
    IF NOT evidence_is_behind() THEN
        RETURN false;
    END IF;
    IF EXISTS (SELECT FROM unnest(kinds, subjects) AS e(kind, subject)
               WHERE e.kind NOT IN ('access', 'export') AND NOT starts_with(e.subject, 'rewind/')) THEN
        RAISE EXCEPTION 'the log is behind what was witnessed of it: nothing changes before a restore is declared'
            USING ERRCODE = 'CW001';
    END IF;
    INSERT INTO evidence_recovered (event_id, commitment, salt, content, kind, subject, context, at)
        SELECT * FROM unnest(ids, commitments, salts, contents, kinds, subjects, contexts, times);
    RETURN true;
END $$;

CREATE FUNCTION evidence_record(new_id uuid, new_commitment bytea, new_salt bytea, new_content bytea, new_kind text,
                                new_subject text, new_context text, new_at timestamptz) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    IF evidence_is_behind() AND evidence_recover(ARRAY[new_id], ARRAY[new_commitment], ARRAY[new_salt],
        ARRAY[new_content], ARRAY[new_kind], ARRAY[new_subject], ARRAY[new_context], ARRAY[new_at]) THEN
        RETURN;
    END IF;
    INSERT INTO evidence_event (id, commitment) VALUES (new_id, new_commitment);
    INSERT INTO evidence_payload (event_id, salt, content, kind, subject, context, at)
        VALUES (new_id, new_salt, new_content, new_kind, new_subject, new_context, new_at);
    INSERT INTO evidence_pending (event_id) VALUES (new_id);
END $$;

CREATE FUNCTION evidence_record_all(ids uuid[], commitments bytea[], salts bytea[], contents bytea[], kinds text[],
                                    subjects text[], contexts text[], times timestamptz[]) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    IF evidence_is_behind() AND evidence_recover(ids, commitments, salts, contents, kinds, subjects, contexts,
                                                 times) THEN
        RETURN;
    END IF;
    INSERT INTO evidence_event (id, commitment) SELECT * FROM unnest(ids, commitments);
    INSERT INTO evidence_payload (event_id, salt, content, kind, subject, context, at)
        SELECT * FROM unnest(ids, salts, contents, kinds, subjects, contexts, times);
    INSERT INTO evidence_pending (event_id) SELECT * FROM unnest(ids);
END $$;
