/* refine: what the flags of a layout say about values: the kind of an event that a value decides, and slots that
 * stand under another slot's name. The same for raw and named events. Inner header of the decode layer. */
#ifndef VITRINE_DECODE_REFINE_H
#define VITRINE_DECODE_REFINE_H

#include "policyd/decode/layout.h"

/* enum layout_flags of the event's layout or log row, 0 without either. */
unsigned event_flags(const struct event *ev);
/* The event's kind, given the one of its row. Needs the values to be in place. */
enum event_kind refine_kind(const struct event *ev, enum event_kind kind);
/* The slot whose field holds the value asked for. */
enum slot refine_slot(const struct event *ev, enum slot asked);

#endif
