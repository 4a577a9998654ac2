// The tables of a project file, and whether a file is one. docs/project-file.md says what they
// mean.
#pragma once

#include "project/database.h"

namespace mw::project {

inline constexpr std::int32_t kApplicationId = 0x4d575250; // "MWRP", in the file's header
inline constexpr int kSchemaVersion = 2;

// By the first bytes alone, before SQLite sees it: a project, of a version that is known. Errors:
// not_found and so on; corrupt (no SQLite file, cut off, impossible header); unsupported (another
// program's file, a newer program's). Must not be called for a file that this process has open:
// closing it would drop SQLite's locks.
Status check_header(const std::filesystem::path& path);

// Application id, version and all tables, in a transaction of the caller's.
Status create_schema(Database& database);

// Whether the tables are exactly those of the version that the file says, and nothing beside them
// (no trigger, no view). corrupt otherwise. Gives the version.
Result<int> check_schema(Database& database);

// From `version` to the present one, a transaction for each step.
Status migrate(Database& database, int version);

// The statements that make the tables of a version.
std::vector<std::string> schema_of(int version);

// Whether the file begins as a project does. As check_header(), not of a file that is open here.
bool looks_like_project(const std::filesystem::path& path);

} // namespace mw::project
