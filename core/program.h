// What every program of ours does first and last.
#pragma once

namespace core {

// A write beyond a limit is an error that is told, not a signal that ends the program; where stdin, stdout or
// stderr is closed, no file of ours takes its place; and where fewer than 16 files may be open at once, a
// sentence ends the program.
void begin_program();

// The exit code of a program that means to end with `code`: where stdout did not take all that was printed, a
// sentence on stderr says so, and success becomes failure.
int end_program(int code);

}  // namespace core
