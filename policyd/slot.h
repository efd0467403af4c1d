/* slot: the meaning of one value of an event, the same whether it came from a raw payload or a named record.
 * A layout (decode/layout.h) says which of its fields fills which slot; fields/ and state/ ask by slot.
 * A new slot is one row here, plus the layouts or named rows that fill it. */
#ifndef VITRINE_SLOT_H
#define VITRINE_SLOT_H

/* X(name, doc) */
#define SLOT_TABLE(X)                                                                                                  \
	X(NONE, "no meaning of its own; still part of evt.args")                                                       \
	/* process */                                                                                                  \
	X(PID, "process the event is about, where it is not the header's")                                             \
	X(PPID, "its parent")                                                                                          \
	X(CREATE_TIME, "FILETIME of its start")                                                                        \
	X(EXIT_TIME, "FILETIME of its end")                                                                            \
	X(EXIT_CODE, "exit status")                                                                                    \
	X(SESSION_ID, "Windows session")                                                                               \
	X(IMAGE_PATH, "full image path, NT or DOS form")                                                               \
	X(IMAGE_NAME, "short image name")                                                                              \
	X(CMDLINE, "command line")                                                                                     \
	X(CWD, "current directory")                                                                                    \
	X(USER_SID, "SID of the process token")                                                                        \
	X(USER_NAME, "account, DOMAIN\\name or name")                                                                  \
	X(USER_DOMAIN, "account domain")                                                                               \
	X(PROC_SEQ, "process sequence number, unique per boot")                                                        \
	X(PARENT_SEQ, "that of the parent")                                                                            \
	X(ELEVATION_TYPE, "TOKEN_ELEVATION_TYPE: 1 default, 2 full, 3 limited")                                        \
	X(ELEVATED, "1 if the token is elevated")                                                                      \
	X(INTEGRITY_SID, "mandatory label")                                                                            \
	X(INTEGRITY_LEVEL, "its name, where a log gives only that: Low, Medium, High, System")                         \
	X(PROC_KEY, "address of the kernel process object")                                                            \
	X(PROC_FLAGS, "process flags")                                                                                 \
	X(PROC_GUID, "Sysmon ProcessGuid or similar")                                                                  \
	X(PARENT_GUID, "that of the parent")                                                                           \
	X(PARENT_PATH, "parent image path")                                                                            \
	X(PARENT_CMDLINE, "parent command line")                                                                       \
	X(PARENT_USER, "account of the parent")                                                                        \
	X(PACKAGE, "package full name of a store app")                                                                 \
	X(MITIGATIONS, "security mitigation flags")                                                                    \
	/* thread */                                                                                                   \
	X(TID, "thread the event is about")                                                                            \
	X(START_ADDR, "kernel's start address")                                                                        \
	X(WIN32_START_ADDR, "start address given by the creator")                                                      \
	X(TEB, "thread environment block: 0 for a thread of the kernel")                                               \
	X(THREAD_NAME, "thread description")                                                                           \
	/* image */                                                                                                    \
	X(IMAGE_BASE, "load address")                                                                                  \
	X(IMAGE_SIZE, "size in memory")                                                                                \
	X(MODULE_PATH, "path of the loaded image")                                                                     \
	X(IMAGE_CHECKSUM, "PE checksum")                                                                               \
	X(TIME_DATE_STAMP, "PE time stamp")                                                                            \
	X(SIGNATURE_LEVEL, "SE_SIGNING_LEVEL")                                                                         \
	X(SIGNATURE_TYPE, "SE_IMAGE_SIGNATURE_TYPE")                                                                   \
	/* file */                                                                                                     \
	X(IRP, "I/O request packet: joins an operation with its end")                                                  \
	X(FILE_OBJECT, "file object: joins with the open that named it")                                               \
	X(FILE_KEY, "file control block: joins with name events")                                                      \
	X(FILE_PATH, "path, NT or DOS form")                                                                           \
	X(FILE_TARGET, "new path of a rename or link")                                                                 \
	X(CREATE_OPTIONS, "NtCreateFile options; high byte: disposition")                                              \
	X(CREATE_ATTRIBUTES, "file attributes asked for")                                                              \
	X(SHARE_ACCESS, "share mode")                                                                                  \
	X(INFO_CLASS, "FILE_INFORMATION_CLASS")                                                                        \
	X(EXTRA_INFO, "operation-dependent")                                                                           \
	X(IO_SIZE, "bytes asked for")                                                                                  \
	X(IO_OFFSET, "byte offset")                                                                                    \
	X(FILE_CTIME, "FILETIME of the file's creation")                                                               \
	X(FILE_OLD_CTIME, "what it was before")                                                                        \
	X(FILE_IS_EXE, "the file is a program")                                                                        \
	X(SHARE_NAME, "network share")                                                                                 \
	X(STATUS, "NTSTATUS or Win32 result")                                                                          \
	/* registry */                                                                                                 \
	X(KEY_OBJECT, "key object or control block: joins with the open that named it")                                \
	X(BASE_OBJECT, "key object that KEY_NAME is relative to")                                                      \
	X(KEY_BASE_NAME, "name of the base key, often empty")                                                          \
	X(KEY_NAME, "key path or relative name")                                                                       \
	X(VALUE_NAME, "value name")                                                                                    \
	X(DATA_TYPE, "REG_* type")                                                                                     \
	X(DATA_SIZE, "bytes of data")                                                                                  \
	X(DATA, "captured data bytes, or text in named records")                                                       \
	X(PREVIOUS_DATA, "data before the change")                                                                     \
	X(DISPOSITION, "REG_CREATED_NEW_KEY or REG_OPENED_EXISTING_KEY")                                               \
	/* network; local and remote as seen by the acting process */                                                  \
	X(LOCAL_ADDR, "IPv4 or IPv6 address")                                                                          \
	X(REMOTE_ADDR, "IPv4 or IPv6 address")                                                                         \
	X(LOCAL_PORT, "port")                                                                                          \
	X(REMOTE_PORT, "port")                                                                                         \
	X(LOCAL_SOCKADDR, "SOCKADDR bytes")                                                                            \
	X(REMOTE_SOCKADDR, "SOCKADDR bytes")                                                                           \
	X(ENDS, "both ends as text, local:port -> remote:port; addresses, names and ports are found inside")           \
	X(PROTOCOL, "IP protocol, or its name")                                                                        \
	X(NET_SIZE, "bytes sent or received")                                                                          \
	X(COMPARTMENT, "network compartment")                                                                          \
	X(REMOTE_HOST, "host name of the remote end")                                                                  \
	X(DIRECTION, "who initiated")                                                                                  \
	/* DNS */                                                                                                      \
	X(DNS_NAME, "name asked for")                                                                                  \
	X(DNS_TYPE, "record type number")                                                                              \
	X(DNS_STATUS, "result")                                                                                        \
	X(DNS_RESULTS, "answers as text")                                                                              \
	/* scripts, AMSI */                                                                                            \
	X(SCRIPT_TEXT, "script or scanned content")                                                                    \
	X(SCRIPT_ID, "script block id")                                                                                \
	X(SCRIPT_PATH, "file the script came from")                                                                    \
	X(PART, "part number, from 1")                                                                                 \
	X(PART_COUNT, "number of parts")                                                                               \
	X(APP_NAME, "application that asked for the scan")                                                             \
	X(SCAN_RESULT, "AMSI result")                                                                                  \
	/* target process of an access */                                                                              \
	X(TARGET_PID, "process acted on")                                                                              \
	X(TARGET_TID, "thread acted on")                                                                               \
	X(TARGET_PATH, "its image path")                                                                               \
	X(TARGET_GUID, "its ProcessGuid")                                                                              \
	X(ACCESS_MASK, "access asked for or granted")                                                                  \
	X(TARGET_USER, "its account")                                                                                  \
	X(CALL_TRACE, "call stack as text")                                                                            \
	/* services, tasks, WMI, logs, sessions */                                                                     \
	X(SERVICE_NAME, "service name")                                                                                \
	X(SERVICE_PATH, "service image path")                                                                          \
	X(SERVICE_TYPE, "service type")                                                                                \
	X(SERVICE_START, "start type")                                                                                 \
	X(SERVICE_ACCOUNT, "account it runs as")                                                                       \
	X(SERVICE_STATE, "new state or changed setting")                                                               \
	X(TASK_NAME, "scheduled task")                                                                                 \
	X(TASK_ACTION, "what it runs")                                                                                 \
	X(TASK_XML, "task definition")                                                                                 \
	X(TASK_USER, "account")                                                                                        \
	X(WMI_OPERATION, "operation or query")                                                                         \
	X(WMI_NAME, "name of the filter or consumer made")                                                             \
	X(WMI_QUERY, "event query")                                                                                    \
	X(WMI_NAMESPACE, "namespace")                                                                                  \
	X(WMI_CONSUMER, "consumer")                                                                                    \
	X(WMI_FILTER, "event filter")                                                                                  \
	X(CLIENT_PID, "process that asked a service to act")                                                           \
	X(CLIENT_START_KEY, "its start key")                                                                           \
	X(CLIENT_HOST, "machine that asked")                                                                           \
	X(CHANNEL, "event log")                                                                                        \
	X(SESSION_NAME, "ETW session")                                                                                 \
	X(PROVIDER_GUID, "ETW provider acted on")                                                                      \
	/* logon */                                                                                                    \
	X(LOGON_ID, "logon session")                                                                                   \
	X(LOGON_TYPE, "2 interactive, 3 network, ...")                                                                 \
	X(LOGON_PACKAGE, "authentication package")                                                                     \
	X(LOGON_PROCESS, "logon process")                                                                              \
	X(LOGON_WORKSTATION, "workstation")                                                                            \
	X(LOGON_ELEVATED, "elevated token")                                                                            \
	X(SUBJECT_USER, "who asked, where it is not the user of the process")                                          \
	X(SUBJECT_DOMAIN, "its domain")                                                                                \
	X(SUBJECT_SID, "its SID")                                                                                      \
	/* containers */                                                                                               \
	X(CONTAINER_GUID, "silo GUID")                                                                                 \
	X(JOB_ID, "job")                                                                                               \
	X(SILO_STATE, "SERVERSILO_STATE")                                                                              \
	/* image facts that logs bring along */                                                                        \
	X(HASHES, "SHA1=..,MD5=..,SHA256=..,IMPHASH=..")                                                               \
	X(SIGNED, "true or false")                                                                                     \
	X(SIGNATURE, "signer")                                                                                         \
	X(SIGNATURE_STATUS, "Valid, Expired, ...")                                                                     \
	X(PE_ORIGINAL_NAME, "OriginalFilename of the version resource")                                                \
	X(PE_DESCRIPTION, "FileDescription")                                                                           \
	X(PE_PRODUCT, "ProductName")                                                                                   \
	X(PE_COMPANY, "CompanyName")                                                                                   \
	X(PE_VERSION, "FileVersion")                                                                                   \
	X(PIPE_NAME, "named pipe")                                                                                     \
	X(START_MODULE, "module of a thread start address")                                                            \
	X(START_FUNCTION, "function of a thread start address")                                                        \
	X(EVENT_SUBTYPE, "the record's own sub-type text")                                                             \
	X(OBJECT_TYPE, "audited object: File, Key, Process, ...")                                                      \
	X(OBJECT_NAME, "its name; also found as path, key or target by its type")

enum slot {
#define X(name, doc) SLOT_##name,
	SLOT_TABLE(X)
#undef X
	SLOT_COUNT
};

#endif
