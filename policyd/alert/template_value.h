/* template_value: one operand of an output text as text or JSON. Private to template.c. */
#ifndef VITRINE_ALERT_TEMPLATE_VALUE_H
#define VITRINE_ALERT_TEMPLATE_VALUE_H

#include "policyd/alert/template.h"

/* False: no value; nothing was appended. Ancestor fields without index: all ancestors, parent first, joined by blanks;
 * those that are no text give the process's own value. */
bool template_value_text(const struct operand *o, const struct event_view *ev, bool windows_path,
	const struct template_style *style, struct buf *out);
void template_value_json(const struct operand *o, const struct event_view *ev, bool windows_path,
	const struct template_style *style, struct buf *out);

#endif
