//! Honest sessions, tampered proofs, dishonest houses, and vectors for other verifiers.

mod honest;
mod house;
mod mutations;
mod rigged;
mod vectors;
