// What does a short message centre answer? Codec and server are npm `smpp`, the answers are ours.
//
// Usage: node server.js PASSWORD [KEY.pem CERT.pem]. It listens on a free port of 127.0.0.1 and says which: {"port": n}.
// Each line on standard input is a command, each line on standard output tells what happened.
//   {"plan": [step, ...]}   what to do with the next submits, one step each; after the last: accept, and say delivered
//     step: {"status": 88}  answer with this status; {"die": true}: exit before any answer; {"silent": true}: no answer;
//           {"drop": true}: cut the connection; {"receipt": "before" | "after" | "none", "stat": "UNDELIV", "err": "00A"};
//           {"nameless": true}: receipt without the optional parameters, so that only its text tells
//   {"receipt": id, "to": number, "stat": "DELIVRD"}   send a receipt now
//   {"drop": true}   cut all connections
const fs = require('fs');
const readline = require('readline');
const smpp = require('smpp');

const [password, key, cert] = process.argv.slice(2);
const STATES = { ENROUTE: 1, DELIVRD: 2, EXPIRED: 3, DELETED: 4, UNDELIV: 5, ACCEPTD: 6, UNKNOWN: 7, REJECTD: 8 };
const say = (event) => process.stdout.write(JSON.stringify(event) + '\n');
const bound = new Set();
let plan = [];
let count = 0;

function receipt(session, { id, to, from = '', stat = 'DELIVRD', err = '000', nameless = false }) {
  const text = `id:${id} sub:001 dlvrd:001 submit date:2611220000 done date:261122000059 stat:${stat} err:${err} text:x`;
  const named = nameless ? {} : { receipted_message_id: id, message_state: STATES[stat] };
  const pdu = { source_addr: to, destination_addr: from, esm_class: 4, short_message: text, ...named };
  session.deliver_sm(pdu, (answer) => say({ receipt_taken: id, status: answer.command_status }));
}

function submitted(session, pdu) {
  const step = plan.shift() || {};
  const id = (++count).toString(16).toUpperCase();
  const said = pdu.short_message || {};
  const payload = pdu.message_payload ? pdu.message_payload.message : '';
  say({
    submit: id, to: pdu.destination_addr, ton: pdu.dest_addr_ton, npi: pdu.dest_addr_npi, from: pdu.source_addr,
    from_ton: pdu.source_addr_ton, from_npi: pdu.source_addr_npi, text: payload || said.message || '', payload: !!payload,
    udh: said.udh ? said.udh.map((part) => part.toString('hex')).join('') : '', coding: pdu.data_coding,
    registered: pdu.registered_delivery, reference: pdu.user_message_reference, validity: pdu.validity_period,
  });
  if (step.die) process.exit(9);
  if (step.drop) return session.destroy();
  if (step.silent) return undefined;
  if (step.status) return session.send(pdu.response({ command_status: step.status }));
  const told = { ...step, id, to: pdu.destination_addr, from: pdu.source_addr };
  const when = pdu.registered_delivery & 1 ? step.receipt || 'after' : 'none';
  if (when === 'before') receipt(session, told);
  session.send(pdu.response({ message_id: id }));
  if (when === 'after') receipt(session, told);
  return undefined;
}

function session(one) {
  one.on('bind_transceiver', (pdu) => {
    if (pdu.password !== password) {
      one.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
      return one.close();
    }
    bound.add(one);
    one.send(pdu.response({ system_id: 'SMSC' }));
    return say({ bound: pdu.system_id, version: pdu.interface_version });
  });
  one.on('submit_sm', (pdu) => submitted(one, pdu));
  one.on('enquire_link', (pdu) => { one.send(pdu.response()); say({ asked: 'enquire_link' }); });
  one.on('unbind', (pdu) => { one.send(pdu.response()); one.close(); });
  one.on('close', () => { bound.delete(one); say({ closed: true }); });
  one.on('error', () => {});
}

const options = key ? { key: fs.readFileSync(key), cert: fs.readFileSync(cert) } : {};
const server = smpp.createServer(options, session);
server.on('error', () => {});
server.listen(0, '127.0.0.1', () => say({ port: server.address().port }));
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line);
  if (command.plan) plan = command.plan;
  if (command.receipt) bound.forEach((one) => receipt(one, { ...command, id: command.receipt }));
  if (command.drop) bound.forEach((one) => one.destroy());
  say({ done: command });
}).on('close', () => process.exit(0));
