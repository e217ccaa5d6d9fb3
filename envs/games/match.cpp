#include "envs/games/match.h"

#include <cmath>

namespace envs::games {

Share wilson_share(int64_t cases, int64_t n) {
  if (n == 0) return {};
  constexpr double z = 1.959963984540054;
  const double count = double(n), share = double(cases) / count, scale = 1 + z * z / count;
  const double middle = (share + z * z / (2 * count)) / scale;
  const double reach = z / scale * std::sqrt((share * (1 - share) + z * z / (4 * count)) / count);
  return {share, cases == 0 ? 0 : middle - reach, cases == n ? 1 : middle + reach};
}

}  // namespace envs::games
