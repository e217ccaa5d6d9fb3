#include "envs/dataset_layout.h"

#include <fmt/format.h>

namespace envs {

core::EpisodeFormat episode_rows(const Spec& spec) {
  core::EpisodeFormat format;
  format.obs_dtype = dtype_name(spec.observation.dtype);
  format.obs_shape.assign(spec.observation.shape.begin(), spec.observation.shape.end());
  format.action_dtype = spec.action.kind == Space::Kind::box ? "float32" : "int64";
  format.action_shape.assign(spec.action.shape.begin(), spec.action.shape.end());
  return format;
}

Space gymnasium_observation(const Spec& spec) {
  if (spec.id != "Blackjack-v1") return spec.observation;
  std::vector<Space::Part> parts;
  for (const int64_t n : spec.observation.n)
    parts.push_back({fmt::format("_index_{}", parts.size()), Space::discrete(n)});
  return Space::dict(std::move(parts));
}

static core::formats::Part part_of(const std::string& name, const Space& space) {
  const bool box = space.kind == Space::Kind::box;
  return {
      name, box ? dtype_name(space.dtype) : "int64", {space.shape.begin(), space.shape.end()}, space.names};
}

core::formats::Layout layout_of(const Space& observation, const Space& action) {
  core::formats::Layout layout{.action = part_of("", action)};
  for (const auto& [name, part] : observation.parts) layout.observation.push_back(part_of(name, part));
  if (layout.observation.empty()) layout.observation.push_back(part_of("", observation));
  return layout;
}

}  // namespace envs
