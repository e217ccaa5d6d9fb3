#include "agents/tabular/world_model.h"

#include <algorithm>
#include <limits>

#include "core/error.h"

namespace agents {

WorldModel::WorldModel(int64_t S, int64_t A, bool masked)
    : states_(S),
      actions_(A),
      first_(static_cast<size_t>(S * A), none),
      visits_(first_.size()),
      masks_(masked ? first_.size() : 0, 1) {
  met_.reserve(first_.size());
  arrivals_.reserve(first_.size());
}

WorldModel::Arrival& WorldModel::arrival(Pair pair, int64_t next, bool terminated) {
  int32_t* link = &first_[place(pair)];
  for (; *link != none; link = &arrivals_[static_cast<size_t>(*link)].other) {
    Arrival& known = arrivals_[static_cast<size_t>(*link)];
    if (known.next == next && known.terminated == terminated) return known;
  }
  *link = static_cast<int32_t>(arrivals_.size());
  return arrivals_.emplace_back(Arrival{next, 0, 0, terminated, none});
}

void WorldModel::observe(Pair pair, int64_t next, double reward, bool terminated, MaskRow next_mask) {
  if (visits_[place(pair)]++ == 0) met_.push_back(static_cast<int64_t>(place(pair)));
  Arrival& at = arrival(pair, next, terminated);
  at.reward += (reward - at.reward) / static_cast<double>(++at.count);
  if (!masks_.empty()) std::copy_n(next_mask, actions_, masks_.begin() + next * actions_);
}

WorldModel::Pair WorldModel::draw_pair(core::Pcg64& random) const {
  const int64_t pair = met_[static_cast<size_t>(random.integers(0, std::ssize(met_)))];
  return {pair / actions_, pair % actions_};
}

const WorldModel::Arrival& WorldModel::draw_arrival(Pair pair, core::Pcg64& random) const {
  const Arrival* at = &arrivals_[static_cast<size_t>(first_[place(pair)])];
  if (at->other == none) return *at;  // it has led nowhere else
  int64_t left = random.integers(0, visits_[place(pair)]) - at->count;
  for (; left >= 0; left -= at->count) at = &arrivals_[static_cast<size_t>(at->other)];
  return *at;
}

void WorldModel::state(core::Archive& archive) {
  archive.within("first", first_.data(), first_.size(), none, std::numeric_limits<int32_t>::max());
  archive.within("visits", visits_.data(), visits_.size(), int64_t{0}, std::numeric_limits<int64_t>::max());
  archive.sized("met", met_);
  archive.sized("arrivals", arrivals_);
  archive("masks", masks_);
  if (archive.loading()) check_chains();
}

// Every way through what was restored ends within it, and its counts are those of its pair.
void WorldModel::check_chains() const {
  const auto unvisited = std::count(visits_.begin(), visits_.end(), int64_t{0});
  core::check(std::ssize(met_) == std::ssize(visits_) - unvisited,
              "saved state 'model' has met {} pairs and visited {}", met_.size(),
              std::ssize(visits_) - unvisited);
  for (const int64_t pair : met_)
    core::check(pair >= 0 && pair < std::ssize(first_) && visits_[static_cast<size_t>(pair)] > 0,
                "saved state 'model' has met what it has not visited");
  size_t reached = 0;
  for (size_t pair = 0; pair < first_.size(); ++pair) {
    int64_t count = 0;
    for (int32_t k = first_[pair]; k != none; k = arrivals_[static_cast<size_t>(k)].other) {
      core::check(k >= 0 && static_cast<size_t>(k) < arrivals_.size() && ++reached <= arrivals_.size(),
                  "saved state 'model' is no list of arrivals");
      const Arrival& at = arrivals_[static_cast<size_t>(k)];
      core::check(at.next >= 0 && at.next < states_ && at.count > 0 && at.count <= visits_[pair] - count,
                  "saved state 'model' leads to state {} {} times", at.next, at.count);
      count += at.count;
    }
    core::check(count == visits_[pair], "saved state 'model' counts {} of {} visits", count, visits_[pair]);
  }
}

}  // namespace agents
