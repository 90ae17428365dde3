// Makes jkurwa work with the published asn1.js. jkurwa was written for a fork
// of asn1.js that no package registry carries. The only thing of the fork that
// the paths under test need: when a member of a CHOICE is encoded, the object
// around the CHOICE is handed on, so that a parameter field can be chosen by
// the algorithm identifier beside it. Decoding works unchanged.
'use strict';

const Node = require('asn1.js/lib/asn1/base/node');

const encodeValue = Node.prototype._encodeValue;
let around;

Node.prototype._encodeValue = function (data, reporter, parent) {
  const before = around;
  if (this._baseState.choice) around = parent;
  try {
    return encodeValue.call(this, data, reporter, parent);
  } finally {
    around = before;
  }
};

Node.prototype._encodeChoice = function (data, reporter) {
  const member = this._baseState.choice[data.type];
  if (!member) throw new Error(`no member ${data.type} in this CHOICE`);
  return member._encode(data.value, reporter, around);
};
