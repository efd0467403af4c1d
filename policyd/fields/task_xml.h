/* task_xml: texts of a scheduled task's definition. The definition is Task Scheduler's own XML, written by whoever made the
 * task: one pass, no recursion, nothing is expanded but the five named entities and character numbers. Any thread. */
#ifndef VITRINE_FIELDS_TASK_XML_H
#define VITRINE_FIELDS_TASK_XML_H

#include "proto/base/arena.h"
#include "proto/record.h"

/* Text of the first element of that name behind the first start of element `within`, comments left out; entities are what
 * they stand for. A view of xml where it has none, else in scratch. False: no such element, or it does not end. */
bool task_xml_text(struct text_view xml, const char *within, const char *name, struct arena *scratch, struct text_view *out);

#endif
