"""New bytes from old by a named, versioned process in the jail: thumbnail, preview, metadata.

Never touches the original."""
