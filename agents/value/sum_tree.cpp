#include "agents/value/sum_tree.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace agents {

static int64_t width_of(int64_t leaves) {
  return static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(leaves)));
}

SumTree::SumTree(int64_t leaves)
    : leaves_(leaves), width_(width_of(leaves)), nodes_(static_cast<size_t>(2 * width_)) {}

uint64_t SumTree::bytes(int64_t leaves) {
  return static_cast<uint64_t>(2 * width_of(leaves)) * sizeof(double);
}

void SumTree::set(int64_t leaf, double value) {
  auto node = static_cast<size_t>(width_ + leaf);
  nodes_[node] = value;
  for (node /= 2; node > 0; node /= 2) nodes_[node] = nodes_[2 * node] + nodes_[2 * node + 1];
}

int64_t SumTree::find(double mass) const {
  size_t node = 1;
  while (node < static_cast<size_t>(width_)) {
    const size_t left = 2 * node, right = left + 1;
    const bool go_left = mass < nodes_[left] || nodes_[right] == 0;  // rounding must not lead to nothing
    if (!go_left) mass -= nodes_[left];
    node = go_left ? left : right;
  }
  return static_cast<int64_t>(node) - width_;
}

// Restored ones must be sums of what can be, or a draw leads to no leaf.
void SumTree::state(core::Archive& archive) {
  archive("tree", nodes_);
  if (!archive.loading()) return;
  const auto width = static_cast<size_t>(width_);
  bool sound = true;
  for (size_t node = 1; node < width; ++node)
    sound &= nodes_[node] == nodes_[2 * node] + nodes_[2 * node + 1];
  for (size_t leaf = 0; leaf < width; ++leaf) {
    const double value = nodes_[width + leaf];
    sound &= leaf < static_cast<size_t>(leaves_) ? value >= 0 && std::isfinite(value) : value == 0;
  }
  core::check(sound, "saved state 'tree' holds priorities that cannot be");
}

void Priorities::update(int64_t position, double td_error) {
  static constexpr double least = 1e-6;  // so that nothing is lost for good
  const double priority = std::pow(std::abs(td_error) + least, alpha_);
  greatest_ = std::max(greatest_, priority);
  tree_.set(position, priority);
}

void Priorities::sample(core::Pcg64& random, std::vector<int64_t>& positions) const {
  const double share = tree_.total() / static_cast<double>(positions.size());
  for (size_t b = 0; b < positions.size(); ++b)
    positions[b] = tree_.find((static_cast<double>(b) + random.random()) * share);
}

float Priorities::weight(int64_t position, int64_t n, double beta) const {
  return static_cast<float>(std::pow(static_cast<double>(n) * probability(position), -beta));
}

void Priorities::state(core::Archive& archive) {
  tree_.state(archive);
  archive("greatest", greatest_);
  core::check(greatest_ > 0 && std::isfinite(greatest_),
              "saved state 'greatest' holds {}, which no priority is", greatest_);
}

}  // namespace agents
