/* What runs inside script engines and .NET: PowerShell, AMSI, the .NET runtime's loader.
 * The hash length of AMSI 1101 (32 bytes, SHA-256) is not verified on real bytes. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field error_v1[] = {
	N(WSTRZ, ContextInfo), N(WSTRZ, UserData), F(WSTRZ, Payload, SCRIPT_TEXT),
};
static const struct layout_field script_block_v1[] = {
	F(I32, MessageNumber, PART), F(I32, MessageTotal, PART_COUNT), F(WSTRZ, ScriptBlockText, SCRIPT_TEXT),
	F(WSTRZ, ScriptBlockId, SCRIPT_ID), F(WSTRZ, Path, SCRIPT_PATH),
};
static const struct layout_field script_block_start_v1[] = {
	F(WSTRZ, ScriptBlockId, SCRIPT_ID), N(WSTRZ, RunspaceId),
};
static const struct layout_field ipc_listening_v1[] = {
	N(WSTRZ, param1), N(WSTRZ, param2),
};

static const struct layout powershell_layouts[] = {
	L(4100, 1, log, 0, "Error", error_v1),
	L(4103, 1, log, 0, "PipelineExecution", error_v1),
	L(4104, 1, script_block, 0, "ScriptBlock", script_block_v1),
	L(4105, 1, log, 0, "ScriptBlockStart", script_block_start_v1),
	L(4106, 1, log, 0, "ScriptBlockStop", script_block_start_v1),
	LEMPTY(40961, 1, log, 0, "ConsoleStartupStart"),
	LEMPTY(40962, 1, log, 0, "ConsoleStartupStop"),
	L(53504, 1, log, 0, "IpcListening", ipc_listening_v1),
};

static const struct layout_field scan_buffer_v0[] = {
	N(PTR, session), N(U8, scanStatus), F(U32, scanResult, SCAN_RESULT), F(WSTRZ, appname, APP_NAME),
	F(WSTRZ, contentname, SCRIPT_PATH), N(U32, contentsize), N(U32, originalsize),
	FLEN(BYTES, content, SCRIPT_TEXT, 5), FFIX(hash, NONE, 32), N(BOOL32, contentFiltered),
};
static const struct layout_field scan_buffer_v1[] = {
	N(PTR, session), N(U8, scanStatus), F(U32, scanResult, SCAN_RESULT), F(WSTRZ, appname, APP_NAME),
	F(WSTRZ, contentname, SCRIPT_PATH), N(U32, contentsize), N(U32, originalsize),
	FLEN(BYTES, content, SCRIPT_TEXT, 5), FFIX(hash, NONE, 32), N(BOOL32, contentFiltered),
	FFIX(hashoriginalcontent, NONE, 32),
};

static const struct layout amsi_layouts[] = {
	L(1101, 0, amsi_scan, 0, "ScanBuffer", scan_buffer_v0),
	L(1101, 1, amsi_scan, 0, "ScanBuffer", scan_buffer_v1),
};

static const struct layout_field loader_module_load_v0[] = {
	N(U64, ModuleID), N(U64, AssemblyID), N(U32, ModuleFlags), N(U32, Reserved1),
	F(WSTRZ, ModuleILPath, MODULE_PATH), N(WSTRZ, ModuleNativePath),
};
static const struct layout_field loader_module_load_v1[] = {
	N(U64, ModuleID), N(U64, AssemblyID), N(U32, ModuleFlags), N(U32, Reserved1),
	F(WSTRZ, ModuleILPath, MODULE_PATH), N(WSTRZ, ModuleNativePath), N(U16, ClrInstanceID),
};
static const struct layout_field loader_module_load_v2[] = {
	N(U64, ModuleID), N(U64, AssemblyID), N(U32, ModuleFlags), N(U32, Reserved1),
	F(WSTRZ, ModuleILPath, MODULE_PATH), N(WSTRZ, ModuleNativePath), N(U16, ClrInstanceID),
	N(GUID, ManagedPdbSignature), N(U32, ManagedPdbAge), N(WSTRZ, ManagedPdbBuildPath),
	N(GUID, NativePdbSignature), N(U32, NativePdbAge), N(WSTRZ, NativePdbBuildPath),
};
static const struct layout_field loader_assembly_load_v0[] = {
	N(U64, AssemblyID), N(U64, AppDomainID), N(U32, AssemblyFlags), N(WSTRZ, FullyQualifiedAssemblyName),
};
static const struct layout_field loader_assembly_load_v1[] = {
	N(U64, AssemblyID), N(U64, AppDomainID), N(U64, BindingID), N(U32, AssemblyFlags),
	N(WSTRZ, FullyQualifiedAssemblyName), N(U16, ClrInstanceID),
};
static const struct layout_field loader_app_domain_load_v0[] = {
	N(U64, AppDomainID), N(U32, AppDomainFlags), N(WSTRZ, AppDomainName),
};
static const struct layout_field loader_app_domain_load_v1[] = {
	N(U64, AppDomainID), N(U32, AppDomainFlags), N(WSTRZ, AppDomainName), N(U32, AppDomainIndex),
	N(U16, ClrInstanceID),
};

static const struct layout dotnet_runtime_layouts[] = {
	L(152, 0, log, 0, "LoaderModuleLoad", loader_module_load_v0),
	L(152, 1, log, 0, "LoaderModuleLoad", loader_module_load_v1),
	L(152, 2, log, 0, "LoaderModuleLoad", loader_module_load_v2),
	L(154, 0, log, 0, "LoaderAssemblyLoad", loader_assembly_load_v0),
	L(154, 1, log, LAYOUT_BREAK, "LoaderAssemblyLoad", loader_assembly_load_v1),
	L(155, 0, log, 0, "LoaderAssemblyUnload", loader_assembly_load_v0),
	L(155, 1, log, LAYOUT_BREAK, "LoaderAssemblyUnload", loader_assembly_load_v1),
	L(156, 0, log, 0, "LoaderAppDomainLoad", loader_app_domain_load_v0),
	L(156, 1, log, 0, "LoaderAppDomainLoad", loader_app_domain_load_v1),
};
/* clang-format on */

const struct provider provider_powershell = {
	.guid = GUID_INIT(0xa0c1853b, 0x5c40, 0x4b15, 0x87, 0x66, 0x3c, 0xf1, 0xc5, 0x8f, 0x98, 0x5a),
	.name = "Microsoft-Windows-PowerShell",
	LAYOUT_TABLE(powershell_layouts)
};

const struct provider provider_amsi = {
	.guid = GUID_INIT(0x2a576b87, 0x09a7, 0x520e, 0xc2, 0x1a, 0x49, 0x42, 0xf0, 0x27, 0x1d, 0x67),
	.name = "Microsoft-Antimalware-Scan-Interface",
	LAYOUT_TABLE(amsi_layouts)
};

const struct provider provider_dotnet_runtime = {
	.guid = GUID_INIT(0xe13c0d23, 0xccbc, 0x4e12, 0x93, 0x1b, 0xd9, 0xcc, 0x2e, 0xee, 0x27, 0xe4),
	.name = "Microsoft-Windows-DotNETRuntime",
	LAYOUT_TABLE(dotnet_runtime_layouts)
};
