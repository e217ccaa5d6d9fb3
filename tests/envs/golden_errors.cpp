#include "tests/envs/golden_errors.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "tests/catch.h"

namespace tests {

void Errors::add(const std::string& kind, const std::string& name, double error) {
  const double size = std::abs(error);
  errors_[{kind, name}].push_back(std::isnan(size) ? INFINITY : size);
}

static bool within(const std::vector<double>& sorted, const Measured& measured) {
  const size_t n = sorted.size();
  const bool usual = n < 5 || sorted[n / 2] <= 2 * measured.median;
  const bool broad = n < 50 || sorted[n * 9 / 10] <= 2 * measured.tenth;
  return usual && broad && sorted.back() <= 3 * measured.most;
}

void Errors::check(const std::string& file, std::span<const Measured> measured) {
  for (auto& [key, errors] : errors_) {
    const auto is = [&key = key](const Measured& m) { return key.first == m.kind && key.second == m.name; };
    const auto found = std::find_if(measured.begin(), measured.end(), is);
    core::check(found != measured.end(), "{}: no error of {} {} was ever measured", file, key.first,
                key.second);
    std::sort(errors.begin(), errors.end());
    const size_t n = errors.size();
    if (!within(errors, *found))
      FAIL_CHECK(file << ": {\"" << found->kind << "\", \"" << found->name << "\", " << errors[n / 2] << ", "
                      << errors[n * 9 / 10] << ", " << errors.back()
                      << "}, are the median, the tenth and the "
                      << "largest of " << n << " errors; measured were " << found->median << ", "
                      << found->tenth << ", " << found->most);
  }
}

}  // namespace tests
