// A length of training: an amount of one of the trainer's counters.
#pragma once

#include <string>

namespace core {

enum class Unit { run, steps, epochs, samples, env_steps, minutes };  // run: the unit of the run's own budget

const char* unit_name(Unit unit);

struct Duration {
  double amount = 0;  // 0: never
  Unit unit = Unit::run;
  bool operator==(const Duration&) const = default;
};

// "250k" -> 250000; plain numbers, k and M; throws std::invalid_argument on anything else.
double parse_number(const std::string& text);
// Shortest text that parses back to exactly the same double; whole numbers without a point.
std::string print_number(double number);

}  // namespace core
