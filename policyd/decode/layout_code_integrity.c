/* Microsoft-Windows-CodeIntegrity. Strings with a length word count UTF-16 units and have no NUL. The length of EKUs is
 * not in the manifest dump; it stands in EKUsSize like its neighbours' lengths. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field unsigned_driver_loaded_v0[] = {
	N(U16, FileNameLength), FLEN(WSTR_COUNTED, FileNameBuffer, MODULE_PATH, 0),
};
static const struct layout_field unsigned_driver_loaded_v1[] = {
	N(U16, FileNameLength), FLEN(WSTR_COUNTED, FileNameBuffer, MODULE_PATH, 0), N(HEX32, SecureRequired),
	N(U8, RequestedSigningLevel), N(U16, ProcessNameLength), FLEN(WSTR_COUNTED, ProcessNameBuffer, IMAGE_PATH, 4),
};
static const struct layout_field policy_failure_v0[] = {
	N(U16, FileNameLength), FLEN(WSTR_COUNTED, FileNameBuffer, MODULE_PATH, 0), N(U16, ProcessNameLength),
	FLEN(WSTR_COUNTED, ProcessNameBuffer, IMAGE_PATH, 2), N(U8, RequestedPolicy), N(U8, ValidatedPolicy),
	F(U32, Status, STATUS),
};
static const struct layout_field si_policy_failure_audit_v0[] = {
	N(U16, FileNameLength), FLEN(WSTR_COUNTED, FileName, MODULE_PATH, 0), N(U16, ProcessNameLength),
	FLEN(WSTR_COUNTED, ProcessName, IMAGE_PATH, 2), N(U8, RequestedSigningLevel), N(U8, ValidatedSigningLevel),
	F(U32, Status, STATUS), N(U32, SHA1HashSize), FLEN(BYTES, SHA1Hash, NONE, 7), N(U32, SHA256HashSize),
	FLEN(BYTES, SHA256Hash, NONE, 9), N(U64, USN), N(U32, SISigningScenario),
};
static const struct layout_field si_policy_failure_audit_v1[] = {
	N(U16, FileNameLength), FLEN(WSTR_COUNTED, FileName, MODULE_PATH, 0), N(U16, ProcessNameLength),
	FLEN(WSTR_COUNTED, ProcessName, IMAGE_PATH, 2), N(U8, RequestedSigningLevel), N(U8, ValidatedSigningLevel),
	F(U32, Status, STATUS), N(U32, SHA1HashSize), FLEN(BYTES, SHA1Hash, NONE, 7), N(U32, SHA256HashSize),
	FLEN(BYTES, SHA256Hash, NONE, 9), N(U64, USN), N(U32, SISigningScenario), N(U16, PolicyNameLength),
	FLEN(WSTR_COUNTED, PolicyName, NONE, 13), N(U16, PolicyIDLength), FLEN(WSTR_COUNTED, PolicyID, NONE, 15),
};
static const struct layout_field si_policy_failure_audit_v2[] = {
	N(U16, FileNameLength), FLEN(WSTR_COUNTED, FileName, MODULE_PATH, 0), N(U16, ProcessNameLength),
	FLEN(WSTR_COUNTED, ProcessName, IMAGE_PATH, 2), N(U8, RequestedSigningLevel), N(U8, ValidatedSigningLevel),
	F(U32, Status, STATUS), N(U32, SHA1HashSize), FLEN(BYTES, SHA1Hash, NONE, 7), N(U32, SHA256HashSize),
	FLEN(BYTES, SHA256Hash, NONE, 9), N(U64, USN), N(U32, SISigningScenario), N(U16, PolicyNameLength),
	FLEN(WSTR_COUNTED, PolicyName, NONE, 13), N(U16, PolicyIDLength), FLEN(WSTR_COUNTED, PolicyID, NONE, 15),
	N(U32, PolicyHashSize), FLEN(BYTES, PolicyHash, NONE, 17),
};
static const struct layout_field si_policy_failure_audit_v3[] = {
	N(U16, FileNameLength), FLEN(WSTR_COUNTED, FileName, MODULE_PATH, 0), N(U16, ProcessNameLength),
	FLEN(WSTR_COUNTED, ProcessName, IMAGE_PATH, 2), N(U8, RequestedSigningLevel), N(U8, ValidatedSigningLevel),
	F(HEX32, Status, STATUS), N(U32, SHA1HashSize), FLEN(BYTES, SHA1Hash, NONE, 7), N(U32, SHA256HashSize),
	FLEN(BYTES, SHA256Hash, NONE, 9), N(U64, USN), N(U32, SISigningScenario), N(U16, PolicyNameLength),
	FLEN(WSTR_COUNTED, PolicyName, NONE, 13), N(U16, PolicyIDLength), FLEN(WSTR_COUNTED, PolicyID, NONE, 15),
	N(U32, PolicyHashSize), FLEN(BYTES, PolicyHash, NONE, 17), N(U16, OriginalFileNameLength),
	FLEN(WSTR_COUNTED, OriginalFileName, PE_ORIGINAL_NAME, 19), N(U16, InternalNameLength),
	FLEN(WSTR_COUNTED, InternalName, NONE, 21), N(U16, FileDescriptionLength),
	FLEN(WSTR_COUNTED, FileDescription, PE_DESCRIPTION, 23), N(U16, ProductNameLength),
	FLEN(WSTR_COUNTED, ProductName, PE_PRODUCT, 25), F(STRZ, FileVersion, PE_VERSION),
};
static const struct layout_field si_policy_failure_audit_v4[] = {
	N(U16, FileNameLength), FLEN(WSTR_COUNTED, FileName, MODULE_PATH, 0), N(U16, ProcessNameLength),
	FLEN(WSTR_COUNTED, ProcessName, IMAGE_PATH, 2), N(U8, RequestedSigningLevel), N(U8, ValidatedSigningLevel),
	F(HEX32, Status, STATUS), N(U32, SHA1HashSize), FLEN(BYTES, SHA1Hash, NONE, 7), N(U32, SHA256HashSize),
	FLEN(BYTES, SHA256Hash, NONE, 9), N(U64, USN), N(U32, SISigningScenario), N(U16, PolicyNameLength),
	FLEN(WSTR_COUNTED, PolicyName, NONE, 13), N(U16, PolicyIDLength), FLEN(WSTR_COUNTED, PolicyID, NONE, 15),
	N(U32, PolicyHashSize), FLEN(BYTES, PolicyHash, NONE, 17), N(U16, OriginalFileNameLength),
	FLEN(WSTR_COUNTED, OriginalFileName, PE_ORIGINAL_NAME, 19), N(U16, InternalNameLength),
	FLEN(WSTR_COUNTED, InternalName, NONE, 21), N(U16, FileDescriptionLength),
	FLEN(WSTR_COUNTED, FileDescription, PE_DESCRIPTION, 23), N(U16, ProductNameLength),
	FLEN(WSTR_COUNTED, ProductName, PE_PRODUCT, 25), F(STRZ, FileVersion, PE_VERSION), N(GUID, PolicyGUID),
};
static const struct layout_field si_policy_failure_audit_v5[] = {
	N(U16, FileNameLength), FLEN(WSTR_COUNTED, FileName, MODULE_PATH, 0), N(U16, ProcessNameLength),
	FLEN(WSTR_COUNTED, ProcessName, IMAGE_PATH, 2), N(U8, RequestedSigningLevel), N(U8, ValidatedSigningLevel),
	F(HEX32, Status, STATUS), N(U32, SHA1HashSize), FLEN(BYTES, SHA1Hash, NONE, 7), N(U32, SHA256HashSize),
	FLEN(BYTES, SHA256Hash, NONE, 9), N(U32, SHA1FlatHashSize), FLEN(BYTES, SHA1FlatHash, NONE, 11),
	N(U32, SHA256FlatHashSize), FLEN(BYTES, SHA256FlatHash, NONE, 13), N(U64, USN), N(U32, SISigningScenario),
	N(U16, PolicyNameLength), FLEN(WSTR_COUNTED, PolicyName, NONE, 17), N(U16, PolicyIDLength),
	FLEN(WSTR_COUNTED, PolicyID, NONE, 19), N(U32, PolicyHashSize), FLEN(BYTES, PolicyHash, NONE, 21),
	N(U16, OriginalFileNameLength), FLEN(WSTR_COUNTED, OriginalFileName, PE_ORIGINAL_NAME, 23),
	N(U16, InternalNameLength), FLEN(WSTR_COUNTED, InternalName, NONE, 25), N(U16, FileDescriptionLength),
	FLEN(WSTR_COUNTED, FileDescription, PE_DESCRIPTION, 27), N(U16, ProductNameLength),
	FLEN(WSTR_COUNTED, ProductName, PE_PRODUCT, 29), F(STRZ, FileVersion, PE_VERSION), N(GUID, PolicyGUID),
	N(BOOL32, UserWriteable), N(U16, PackageFamilyNameLength), FLEN(WSTR_COUNTED, PackageFamilyName, NONE, 34),
};
static const struct layout_field signature_information_v0[] = {
	N(U32, TotalSignatureCount), N(U32, Signature), N(U32, HashSize), FLEN(BYTES, Hash, NONE, 2),
	N(U8, SignatureType), N(U8, ValidatedSigningLevel), N(U8, VerificationError), N(U32, Flags),
	N(U32, PolicyBits), N(FILETIME, NotValidBefore), N(FILETIME, NotValidAfter), N(U16, PublisherNameLength),
	FLEN(WSTR_COUNTED, PublisherName, SIGNATURE, 11), N(U16, IssuerNameLength),
	FLEN(WSTR_COUNTED, IssuerName, NONE, 13),
};
static const struct layout_field signature_information_v1[] = {
	N(U32, TotalSignatureCount), N(U32, Signature), N(U32, HashSize), FLEN(BYTES, Hash, NONE, 2),
	N(BOOL32, PageHash), N(U8, SignatureType), N(U8, ValidatedSigningLevel), N(U8, VerificationError),
	N(U32, Flags), N(U32, PolicyBits), N(FILETIME, NotValidBefore), N(FILETIME, NotValidAfter),
	N(U16, PublisherNameLength), FLEN(WSTR_COUNTED, PublisherName, SIGNATURE, 12), N(U16, IssuerNameLength),
	FLEN(WSTR_COUNTED, IssuerName, NONE, 14), N(U32, PublisherTBSHashSize),
	FLEN(BYTES, PublisherTBSHash, NONE, 16), N(U32, IssuerTBSHashSize), FLEN(BYTES, IssuerTBSHash, NONE, 18),
};
static const struct layout_field signature_information_v2[] = {
	N(U32, TotalSignatureCount), N(U32, Signature), N(U8, CacheState), N(U32, HashSize),
	FLEN(BYTES, Hash, NONE, 3), N(BOOL32, PageHash), N(U8, SignatureType), N(U8, ValidatedSigningLevel),
	N(U8, VerificationError), N(U32, Flags), N(U32, PolicyBits), N(FILETIME, NotValidBefore),
	N(FILETIME, NotValidAfter), N(U16, PublisherNameLength), FLEN(WSTR_COUNTED, PublisherName, SIGNATURE, 13),
	N(U16, IssuerNameLength), FLEN(WSTR_COUNTED, IssuerName, NONE, 15), N(U32, PublisherTBSHashSize),
	FLEN(BYTES, PublisherTBSHash, NONE, 17), N(U32, IssuerTBSHashSize), FLEN(BYTES, IssuerTBSHash, NONE, 19),
};
static const struct layout_field signature_information_v3[] = {
	N(U32, TotalSignatureCount), N(U32, Signature), N(U8, CacheState), N(U32, HashSize),
	FLEN(BYTES, Hash, NONE, 3), N(BOOL32, PageHash), N(U8, SignatureType), N(U8, ValidatedSigningLevel),
	N(U8, VerificationError), N(U32, Flags), N(U32, PolicyBits), N(FILETIME, NotValidBefore),
	N(FILETIME, NotValidAfter), N(U16, PublisherNameLength), FLEN(WSTR_COUNTED, PublisherName, SIGNATURE, 13),
	N(U16, IssuerNameLength), FLEN(WSTR_COUNTED, IssuerName, NONE, 15), N(U32, PublisherTBSHashSize),
	FLEN(BYTES, PublisherTBSHash, NONE, 17), N(U32, IssuerTBSHashSize), FLEN(BYTES, IssuerTBSHash, NONE, 19),
	N(U16, OPUSInfoLength), N(WSTRZ, OPUSInfo), N(U32, EKUsSize), FLEN(BYTES, EKUs, NONE, 23), N(U32, KnownRoot),
};

static const struct layout code_integrity_layouts[] = {
	L(3001, 0, log, 0, "UnsignedDriverLoaded", unsigned_driver_loaded_v0),
	L(3001, 1, log, 0, "UnsignedDriverLoaded", unsigned_driver_loaded_v1),
	L(3004, 0, log, 0, "FileHashNotFound", unsigned_driver_loaded_v0),
	L(3004, 1, log, 0, "FileHashNotFound", unsigned_driver_loaded_v1),
	L(3033, 0, log, 0, "PolicyFailure", policy_failure_v0),
	L(3034, 0, log, 0, "PolicyFailureAudit", policy_failure_v0),
	L(3076, 0, log, 0, "SiPolicyFailureAudit", si_policy_failure_audit_v0),
	L(3076, 1, log, 0, "SiPolicyFailureAudit", si_policy_failure_audit_v1),
	L(3076, 2, log, 0, "SiPolicyFailureAudit", si_policy_failure_audit_v2),
	L(3076, 3, log, 0, "SiPolicyFailureAudit", si_policy_failure_audit_v3),
	L(3076, 4, log, 0, "SiPolicyFailureAudit", si_policy_failure_audit_v4),
	L(3076, 5, log, LAYOUT_BREAK, "SiPolicyFailureAudit", si_policy_failure_audit_v5),
	L(3077, 0, log, 0, "SiPolicyFailure", si_policy_failure_audit_v0),
	L(3077, 1, log, 0, "SiPolicyFailure", si_policy_failure_audit_v1),
	L(3077, 2, log, 0, "SiPolicyFailure", si_policy_failure_audit_v2),
	L(3077, 3, log, 0, "SiPolicyFailure", si_policy_failure_audit_v3),
	L(3077, 4, log, 0, "SiPolicyFailure", si_policy_failure_audit_v4),
	L(3077, 5, log, LAYOUT_BREAK, "SiPolicyFailure", si_policy_failure_audit_v5),
	L(3089, 0, log, 0, "SignatureInformation", signature_information_v0),
	L(3089, 1, log, LAYOUT_BREAK, "SignatureInformation", signature_information_v1),
	L(3089, 2, log, LAYOUT_BREAK, "SignatureInformation", signature_information_v2),
	L(3089, 3, log, 0, "SignatureInformation", signature_information_v3),
};
/* clang-format on */

const struct provider provider_code_integrity = {
	.guid = GUID_INIT(0x4ee76bd8, 0x3cf4, 0x44a0, 0xa0, 0xac, 0x39, 0x37, 0x64, 0x3e, 0x37, 0xa3),
	.name = "Microsoft-Windows-CodeIntegrity",
	LAYOUT_TABLE(code_integrity_layouts)
};
