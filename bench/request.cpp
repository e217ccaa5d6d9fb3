#include "bench/request.h"

#include <algorithm>

#include "core/error.h"
#include "core/nearest.h"

namespace bench {

void Request::check(const std::vector<std::string>& names) const {
  core::check(row.empty() || std::find(names.begin(), names.end(), row) != names.end(), "unknown row '{}'{}",
              row, core::suggestion(row, names));
}

}  // namespace bench
