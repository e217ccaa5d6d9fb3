// The notes of one thread: a short list, searched in order.
#include "training/trace.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/interrupt.h"

namespace training {
namespace {

struct Note {
  std::string name;
  torch::Tensor tensor, activations;
};

thread_local bool keeps = false;

std::vector<Note>& notes() {
  thread_local std::vector<Note> of_this_thread;
  return of_this_thread;
}

Note& note_of(const std::string& name) {
  auto& list = notes();
  const auto found = std::find_if(list.begin(), list.end(), [&](const Note& n) { return n.name == name; });
  return found == list.end() ? list.emplace_back(Note{name, {}, {}}) : *found;
}

}  // namespace

void trace(const std::string& name, const torch::Tensor& tensor) {
  if (!torch::GradMode::is_enabled()) return;
  core::heed_late_signals();
  if (core::is_expendable() && tensor.requires_grad())
    tensor.register_hook([](const torch::Tensor&) { core::heed_late_signals(); });
  // Detached, or the note would keep the whole graph of a finished step alive.
  note_of(name).tensor = tensor.detach();
}

void keep_activations(bool keep) { keeps = keep; }
bool keeps_activations() { return keeps; }

void observe(const std::string& name, const torch::Tensor& activations) {
  if (keeps && torch::GradMode::is_enabled()) note_of(name).activations = activations.detach();
}

std::vector<std::pair<std::string, torch::Tensor>> traced() {
  std::vector<std::pair<std::string, torch::Tensor>> all;
  for (const Note& note : notes())
    all.emplace_back(note.name, note.activations.defined() ? note.activations : note.tensor);
  return all;
}

void clear_trace() { notes().clear(); }

std::string non_finite(const torch::Tensor& tensor) {
  if (!tensor.defined() || !tensor.is_floating_point()) return "";
  if (torch::isnan(tensor).any().item<bool>()) return "a NaN";
  return torch::isinf(tensor).any().item<bool>() ? "an Inf" : "";
}

std::string first_non_finite() {
  for (const auto& [name, tensor, activations] : notes())
    if (const std::string what = non_finite(tensor); !what.empty())
      return fmt::format("{} [{}] has {}", name, fmt::join(tensor.sizes(), ", "), what);
  return "";
}

}  // namespace training
