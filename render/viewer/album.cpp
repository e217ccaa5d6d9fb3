// The slider over kinds and steps.
#include "render/viewer/album.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/nearest.h"

namespace render {

Album::Album(const std::vector<std::filesystem::path>& runs) {
  std::vector<const LiveRun*> files;
  volumes_.reserve(runs.size());
  files.reserve(runs.size());
  for (const auto& folder : runs) files.push_back(&volumes_.emplace_back(folder).run());
  title_ = title_of(files);
  labels_ = labels_of(files);
  scaled_.resize(runs.size());
  list_kinds();
  kind_ = newest_kind();
  list_steps();
  seek(length());
}

size_t Album::newest_kind() const {
  std::vector<int64_t> last;
  last.reserve(kinds_.size());
  for (const std::string& kind : kinds_) {
    last.push_back(-1);
    for (const Volume& volume : volumes_)
      if (const Volume::Kind* found = volume.find(kind))
        last.back() = std::max(last.back(), found->film.steps.back());
  }
  return static_cast<size_t>(std::max_element(last.begin(), last.end()) - last.begin());
}

void Album::list_kinds() {
  const std::string before = kinds_.empty() ? "" : kind();
  kinds_.clear();
  for (const Volume& volume : volumes_)
    for (const Volume::Kind& kind : volume.kinds())
      if (std::find(kinds_.begin(), kinds_.end(), kind.film.name) == kinds_.end())
        kinds_.push_back(kind.film.name);
  const auto at = std::find(kinds_.begin(), kinds_.end(), before);
  kind_ = at == kinds_.end() ? 0 : static_cast<size_t>(at - kinds_.begin());
}

void Album::list_steps() {
  std::set<int64_t> steps;
  for (const Volume& volume : volumes_)
    if (const Volume::Kind* found = volume.find(kind()))
      steps.insert(found->film.steps.begin(), found->film.steps.end());
  steps_.assign(steps.begin(), steps.end());
}

int64_t Album::last_until(int64_t step) const {
  return std::upper_bound(steps_.begin(), steps_.end(), step) - steps_.begin() - 1;
}

bool Album::show() {
  bool other = false;
  for (size_t k = 0; k < volumes_.size(); ++k) {
    if (!volumes_[k].show(kind(), training_step())) continue;
    scaled_[k] = {};
    other = true;
  }
  return other;
}

void Album::seek(int64_t t) {
  t_ = std::clamp<int64_t>(t, 0, length());
  show();
}

void Album::choose(const std::string& kind) {
  const auto at = std::find(kinds_.begin(), kinds_.end(), kind);
  core::check(at != kinds_.end(), "--picture: no '{}' among {}{}", kind, fmt::join(kinds_, ", "),
              core::nearest(kind, kinds_).empty() ? "" : core::suggestion(kind, kinds_));
  kind_ = static_cast<size_t>(at - kinds_.begin());
  list_steps();
  seek(length());
}

bool Album::turn(int by) {
  const auto count = static_cast<int>(kinds_.size());
  if (count < 2) return false;
  const int64_t step = training_step();
  const bool at_end = t_ == length();
  kind_ = static_cast<size_t>(((static_cast<int>(kind_) + by) % count + count) % count);
  list_steps();
  seek(at_end ? length() : last_until(step));
  return true;
}

bool Album::refresh() {
  bool other = false;
  for (Volume& volume : volumes_) other = volume.refresh() || other;
  if (!other) return show();
  const int64_t step = training_step();
  const bool at_end = t_ == length();
  list_kinds();
  list_steps();
  seek(at_end ? length() : last_until(step));
  return true;
}

std::string Album::title() const { return fmt::format("{}  \u00b7  {}", title_, kind()); }

std::string Album::sentence() const {
  for (const Volume& volume : volumes_)
    if (const Volume::Kind* found = volume.find(kind())) return found->film.sentence;
  return "";
}

}  // namespace render
