// Run-time choice of instruction set for hot leaf functions: one source, compiled for plain x86-64
// and for AVX2, picked when the program starts.
#pragma once

// Put before a function definition with external or internal linkage. Results must not depend on
// the choice: integers only, or float without reordering (the build forbids contraction). Off under
// sanitizers, whose run time is not ready yet when the choice is made.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&  \
    !defined(MASKWRIGHT_SANITIZED) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define MW_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define MW_CLONES
#endif

// A helper of such a function must become part of it, or it stays plain.
#if defined(__GNUC__)
#define MW_INLINE inline __attribute__((always_inline))
#else
#define MW_INLINE inline
#endif
