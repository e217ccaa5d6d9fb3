// Memory that is missing is met before it is asked for: the system would end the process instead.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace core {

// While it lives, what is asked for is added up: each part may fit alone where all together do not. There is
// one at a time; another one within it adds to it.
class MemoryPlan {
 public:
  MemoryPlan();
  ~MemoryPlan();
  MemoryPlan(const MemoryPlan&) = delete;
  MemoryPlan& operator=(const MemoryPlan&) = delete;

 private:
  bool outer_;
};

// Error unless the machine has `bytes` to spare, beside what the plan has asked for already; `what` needs
// them ("dqn.buffer_size: a replay of ..."), for good.
void require_memory(uint64_t bytes, const std::string& what);
void require_memory(double bytes, const std::string& what);  // however many
// The same of what is needed for a moment, or is required piece by piece later: the plan does not count it.
void foresee_memory(double bytes, const std::string& what);

std::optional<uint64_t> available_memory();  // to hand out without swapping; nothing where nobody says
std::string print_bytes(uint64_t bytes);     // "3.4 MB"

}  // namespace core
