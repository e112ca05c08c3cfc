-- What triggers ask before a row is written, changed or taken away.

-- No finding comes to a second person before it is complete.
CREATE FUNCTION casework_finding_is_complete() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.confidence = ''
       OR NOT EXISTS (SELECT FROM casework_citation c WHERE c.finding_id = NEW.id AND c.bearing = 'for')
       OR EXISTS (SELECT FROM casework_citation c WHERE c.finding_id = NEW.id AND '' IN (c.reliability, c.credibility))
       OR NOT EXISTS (SELECT FROM casework_alternative a WHERE a.finding_id = NEW.id)
       OR EXISTS (SELECT FROM casework_alternative a WHERE a.finding_id = NEW.id AND a.why = '') THEN
        RAISE EXCEPTION 'a finding that is not complete comes to nobody for review' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

-- Rows come in while their import is being read, or out of a backup.
CREATE FUNCTION casework_rows_of_a_reading() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM added LEFT JOIN casework_import i ON i.id = added.source_id AND i.case_id = added.case_id
               WHERE i.state IS DISTINCT FROM 'reading'
               AND (i.cleared_at IS NOT NULL OR i.kept IS NULL OR added.position > i.kept
                    OR EXISTS (SELECT FROM casework_post p WHERE p.source_id = i.id AND p.position = added.position)
                       AND EXISTS (SELECT FROM casework_unread u WHERE u.source_id = i.id
                                   AND u.position = added.position))) THEN
        RAISE EXCEPTION 'rows of an import that is not being read, or of another case'
        USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;

-- They go only with the bytes that they were read from.
CREATE FUNCTION casework_rows_stay() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM gone WHERE NOT EXISTS (
            SELECT FROM casework_import i JOIN casework_exhibit e ON e.id = i.exhibit_id
            JOIN evidence_tombstone t ON t.item_id = e.item_id WHERE i.id = gone.source_id)) THEN
        RAISE EXCEPTION 'rows stay for as long as the bytes that they were read from'
        USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
