// What both CMA-ES do alike: the mean moves to the better half, and two evolution paths tell how long the
// steps should be and where they lead (Hansen 2016, The CMA Evolution Strategy: A Tutorial; numbers in
// parentheses are its equations).
#pragma once

#include <cstdint>
#include <vector>

#include "agents/evolution/cma_constants.h"
#include "agents/evolution/ranking.h"
#include "core/archive.h"

namespace agents {

struct CmaMotion {
  std::vector<double> mean, path_sigma, path_c;  // [d]
  double sigma = 0;                              // step size
  int64_t generation = 0;

  CmaMotion() = default;
  CmaMotion(std::vector<double> mean, double sigma);

  // mean + sigma y of each row (40): [lambda, d].
  std::vector<double> candidates(const std::vector<double>& y) const;
  // After the generation of y = C^1/2 z, [lambda, d] both. Returns the share of path_c's variance that
  // h_sigma held back.
  double tell(const CmaConstants& k, const Ranking& parents, const std::vector<double>& y,
              const std::vector<double>& z);
  // Everything; is_sound(): whether a search can have such numbers.
  void state(core::Archive& archive);
  bool is_sound() const;
};

}  // namespace agents
