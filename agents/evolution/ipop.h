// IPOP-CMA-ES (Auger & Hansen 2005, A restart CMA evolution strategy with increasing population size): where
// CMA-ES gets no further, it begins anew with twice the candidates.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agents/evolution/cma.h"

namespace agents {

class Ipop {
 public:
  struct Options {
    double sigma = 1;        // of the first candidates of each search
    int64_t population = 2;  // candidates of the first search
    int64_t restarts = 0;    // at most
    bool lazy = false;       // as Cma's
  };

  Ipop() = default;
  // Every search begins at `start` [d].
  Ipop(std::vector<double> start, const Options& options);

  // As Cma's; how many candidates there are grows from search to search.
  std::vector<double> ask(uint64_t seed);
  void tell(std::span<const double> costs);

  const Cma& search() const { return search_; }   // the present one
  int64_t restarts() const { return restarts_; }  // so far
  void state(core::Archive& archive);

 private:
  int64_t population() const { return options_.population << restarts_; }
  void begin();
  size_t generations_remembered() const;
  bool is_flat(std::span<const double> costs) const;
  bool has_stopped(std::span<const double> costs) const;

  std::vector<double> start_;  // [d]
  Options options_;
  Cma search_;
  int64_t restarts_ = 0;
  std::vector<double> best_;  // costs of the best of the latest generations, the newest last
};

}  // namespace agents
