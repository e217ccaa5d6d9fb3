// Prioritised replay (Schaul et al. 2016): draws in proportion to priorities by a binary tree of sums.
#pragma once

#include <cstdint>
#include <vector>

#include "core/archive.h"
#include "core/random.h"

namespace agents {

// Non-negative values; each inner node is the sum of the two below it, so that nothing drifts.
class SumTree {
 public:
  explicit SumTree(int64_t leaves);
  static uint64_t bytes(int64_t leaves);

  double total() const { return nodes_[1]; }
  double operator[](int64_t leaf) const { return nodes_[static_cast<size_t>(width_ + leaf)]; }
  void set(int64_t leaf, double value);
  // The first leaf at which the running sum exceeds `mass` (0 <= mass < total); never one of value 0.
  int64_t find(double mass) const;
  void state(core::Archive& archive);

 private:
  int64_t leaves_, width_;     // and rounded up to a power of two
  std::vector<double> nodes_;  // the root at 1, the children of k at 2k and 2k + 1
};

// P(i) = p_i^alpha / sum of them, p_i = |TD error| + 1e-6; what has not been drawn yet has the greatest
// priority so far.
class Priorities {
 public:
  Priorities(int64_t positions, double alpha) : tree_(positions), alpha_(alpha) {}
  static uint64_t bytes(int64_t positions) { return SumTree::bytes(positions); }

  void insert(int64_t position) { tree_.set(position, greatest_); }
  void erase(int64_t position) { tree_.set(position, 0); }
  void update(int64_t position, double td_error);
  // One draw from each of B equal shares of the whole.
  void sample(core::Pcg64& random, std::vector<int64_t>& positions) const;
  double probability(int64_t position) const { return tree_[position] / tree_.total(); }
  // (n P)^-beta: what makes draws out of n positions count as uniform ones do, at beta 1.
  float weight(int64_t position, int64_t n, double beta) const;
  void state(core::Archive& archive);

 private:
  SumTree tree_;
  double alpha_, greatest_ = 1;
};

}  // namespace agents
