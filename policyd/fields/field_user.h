/* field_user: user.*, logon.*: whose process it is, who logged on. Rows as in getter.h. */
#ifndef VITRINE_FIELDS_FIELD_USER_H
#define VITRINE_FIELDS_FIELD_USER_H

#include "policyd/fields/getter.h"

enum user_part { USER_FULL, USER_SID_TEXT, USER_DOMAIN_PART };

field_getter get_user, get_logon_id;

/* clang-format off */
#define FIELD_USER_TABLE(X) \
	X("user.name", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_user, USER_FULL, "Account as DOMAIN\\name: of the process, or the one the event is about (logons); who asked, where no other is known.") \
	X("user.sid", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_user, USER_SID_TEXT, "Its SID, S-1-5-...") \
	X("user.domain", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_user, USER_DOMAIN_PART, "Its domain, or machine.") \
	X("user.subject.name", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_SUBJECT_USER, "Account that asked, where that is another one.") \
	X("user.subject.domain", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_SUBJECT_DOMAIN, "Its domain.") \
	X("user.subject.sid", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_SUBJECT_SID, "Its SID.") \
	X("logon.id", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_logon_id, 0, "Logon session, in hexadecimal.") \
	X("logon.type", VT_UINT32, NONE, FIELD_MAY_BE_MISSING, get_slot_number, SLOT_LOGON_TYPE, "2 interactive, 3 network, 4 batch, 5 service, 7 unlock, 8 network clear text, 9 new credentials, 10 remote interactive, 11 cached.") \
	X("logon.package", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_LOGON_PACKAGE, "Authentication package: NTLM, Kerberos, Negotiate.") \
	X("logon.process", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_LOGON_PROCESS, "Logon process: User32, NtLmSsp, Advapi.") \
	X("logon.workstation", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_LOGON_WORKSTATION, "Machine the logon came from, as it calls itself.") \
	X("logon.elevated", VT_BOOL, NONE, FIELD_MAY_BE_MISSING, get_slot_bool, SLOT_LOGON_ELEVATED, "The logon has an elevated token.")
/* clang-format on */

#endif
