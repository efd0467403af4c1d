/* layout_table: the words the layout tables are written in. Included by the layout_<provider>.c files only.
 *
 *   static const struct layout_field create_v1[] = {
 *           F(PTR, Irp, IRP), F(PTR, FileObject, FILE_OBJECT), N(U32, IssuingThreadId), F(WSTRZ, FileName, FILE_PATH) };
 *   static const struct layout layouts[] = {
 *           L(12, 1, file_open, LAYOUT_DISPOSITION, "Create", create_v1) };
 *
 * Source of every field list unless a comment says otherwise: the manifests of 17 Windows versions (1511 to 26H1) and
 * the kernel MOF classes of Windows 11 23H2, as collected in layouts.yaml. */
#ifndef VITRINE_DECODE_LAYOUT_TABLE_H
#define VITRINE_DECODE_LAYOUT_TABLE_H

#include "policyd/decode/layout.h"

/* A field that fills a slot; a field with no meaning of its own. */
#define F(type_, name_, slot_)                                                                                         \
	{ .name = #name_, .type = LT_##type_, .slot = SLOT_##slot_, .len_field = LAYOUT_NO_LEN_FIELD }
#define N(type_, name_) F(type_, name_, NONE)
/* Missing at the end of some payloads. */
#define FOPT(type_, name_, slot_)                                                                                      \
	{ .name = #name_, .type = LT_##type_, .slot = SLOT_##slot_, .len_field = LAYOUT_NO_LEN_FIELD, .optional = true }
/* Length from the earlier field number index_ (from 0); a constant length. */
#define FLEN(type_, name_, slot_, index_)                                                                              \
	{ .name = #name_, .type = LT_##type_, .slot = SLOT_##slot_, .len_field = (index_) }
#define FFIX(name_, slot_, bytes_)                                                                                     \
	{ .name = #name_, .type = LT_BYTES, .slot = SLOT_##slot_, .len_field = LAYOUT_NO_LEN_FIELD, .len = (bytes_) }

#define L(id_, version_, kind_, flags_, name_, fields_) LB(id_, version_, kind_, flags_, name_, fields_, 0, 0)
/* Only on these builds: two layouts share one version. 0: no bound. */
#define LB(id_, version_, kind_, flags_, name_, fields_, first_, last_)                                                \
	{ .id = (id_), .version = (version_), .kind = EVENT_##kind_, .flags = (flags_),                                \
	  .field_count = sizeof(fields_) / sizeof((fields_)[0]), .first_build = (first_), .last_build = (last_),       \
	  .name = (name_), .fields = (fields_) }
/* An event without payload. */
#define LEMPTY(id_, version_, kind_, flags_, name_)                                                                    \
	{ .id = (id_), .version = (version_), .kind = EVENT_##kind_, .flags = (flags_), .name = (name_) }

#define LAYOUT_TABLE(table_) .layouts = (table_), .layout_count = sizeof(table_) / sizeof((table_)[0])

#endif
